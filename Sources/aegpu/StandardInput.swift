import Foundation
import Glibc

/// Standard input as a file, for readers of files.
enum StandardInput {
  /// Copies it to a temporary CSV file, which is removed afterwards. Errors say `standard input` in
  /// place of the file's name.
  static func withFile<Result>(_ body: (_ path: String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.path + "/aegpu-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/standard-input.csv"
    guard FileManager.default.createFile(atPath: path, contents: nil),
      let file = FileHandle(forWritingAtPath: path)
    else {
      throw Failure("standard input: expected to write a temporary file in \(folder), which failed")
    }
    while let piece = try FileHandle.standardInput.read(upToCount: 1 << 20), !piece.isEmpty {
      try file.write(contentsOf: piece)
    }
    try file.close()
    do {
      return try body(path)
    } catch {
      throw Failure("\(error)".replacing(path, with: "standard input"))
    }
  }
}
