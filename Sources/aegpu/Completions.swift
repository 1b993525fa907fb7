import ArgumentParser
import Datasets
import Devices
import Foundation
import Recipes
import Training

/// What a shell offers to complete a value.
extension CompletionKind {
  /// Names of recipes, and recipes' files.
  static let recipes = custom { _, _, begun in
    RecipeLibrary.names + files(begun) { $0.hasSuffix(".yaml") }
  }

  /// Runs of the folder `runs`, the newest first, `last`, and folders.
  static let runs = custom { _, _, begun in
    ["last"] + RunFolder.newestFirst(in: "runs").map(\.folder.path) + files(begun) { _ in false }
  }

  /// Names of data sets, and all files.
  static let data = custom { _, _, begun in
    DatasetSource.all.map(\.name) + files(begun) { _ in true }
  }

  /// The devices' numbers, `cpu` and `auto`.
  static let devices = custom { _, _, _ in
    let all = (try? Program.devices.all()) ?? []
    return ["auto"] + all.map(\.identifier)
  }

  /// The folders that a path leads to, and its files that are wanted.
  private static func files(_ begun: String, where isWanted: (String) -> Bool) -> [String] {
    let cut = begun.lastIndex(of: "/").map { begun.index(after: $0) } ?? begun.startIndex
    let folder = String(begun[..<cut])
    let names =
      (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    return names.sorted().compactMap { name in
      var isFolder: ObjCBool = false
      guard !name.hasPrefix("."),
        FileManager.default.fileExists(atPath: folder + name, isDirectory: &isFolder)
      else { return nil }
      if isFolder.boolValue { return folder + name + "/" }
      return isWanted(name) ? folder + name : nil
    }
  }
}
