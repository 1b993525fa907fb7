import ArgumentParser
import Exports
import Foundation

/// Where `export` writes: what `--output` names.
enum ExportTarget {
  case file(String)
  case folder(String)

  /// - Parameter isFolderAlone: whether the form has several files.
  init(_ output: String, isFolderAlone: Bool) throws {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: output, isDirectory: &isFolder)
    let ending = output.split(separator: "/").last?.split(separator: ".").dropFirst().last
    switch ending {
    case nil where output != "-" && !exists,
      _ where exists && isFolder.boolValue || output.hasSuffix("/"):
      self = .folder(output.count > 1 && output.hasSuffix("/") ? String(output.dropLast()) : output)
    case "onnx" where !isFolderAlone, nil where !isFolderAlone && output == "-":
      self = .file(output)
    default:
      throw ValidationError(
        isFolderAlone
          ? "--output: expected a folder for the form safetensors, received \(output); name one, such "
            + "as exported/"
          : "--output: expected a name that ends in .onnx, or a folder, received \(output); rename it, or "
            + "end it with a slash")
    }
  }

  /// Throws if a file would be replaced.
  func expectNothingThere(unless overwrite: Bool) throws {
    guard !overwrite else { return }
    let (files, path) = (FileManager.default, self.path)
    var isFolder: ObjCBool = false
    guard files.fileExists(atPath: path, isDirectory: &isFolder) else { return }
    let contents = isFolder.boolValue ? try? files.contentsOfDirectory(atPath: path) : nil
    if contents?.isEmpty == true { return }
    throw ExportError.outputExists(path: path)
  }

  private var path: String {
    switch self {
    case .file(let path), .folder(let path): path
    }
  }
}
