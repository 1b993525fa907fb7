/// An error in writing results.
package enum ReportError: Error, Hashable, Sendable {
  case missingFolder(path: String, folder: String)
  case noFolder(path: String, reason: String)
  case diskFull(path: String, byteCount: Int)
  case unwritable(path: String, call: String, reason: String)
  case notEncoded(width: Int, height: Int, reason: String)
  case noComponents(status: Int)
}

extension ReportError {
  /// The same error of a file that a person knows by another folder.
  package func renaming(_ folder: String, to name: String) -> ReportError {
    func known(_ path: String) -> String {
      path.hasPrefix(folder) ? name + path.dropFirst(folder.count) : path
    }
    return switch self {
    case .missingFolder(let path, let folder):
      .missingFolder(path: known(path), folder: known(folder))
    case .noFolder(let path, let reason): .noFolder(path: known(path), reason: reason)
    case .diskFull(let path, let byteCount): .diskFull(path: known(path), byteCount: byteCount)
    case .unwritable(let path, let call, let reason):
      .unwritable(path: known(path), call: call, reason: reason)
    case .notEncoded, .noComponents: self
    }
  }
}

extension ReportError: CustomStringConvertible {
  /// One sentence: what was expected, what was received, what to do.
  package var description: String {
    switch self {
    case .missingFolder(let path, let folder):
      "\(path): expected a folder \(folder), found none; create it first"
    case .noFolder(let path, let reason):
      "\(path): expected a folder, or a place for a new one, received from mkdir: \(reason); "
        + "choose another place"
    case .diskFull(let path, let byteCount):
      "\(path): expected \(byteCount) bytes of free disk space, received a full disk; "
        + "free some space or choose another folder"
    case .unwritable(let path, let call, let reason):
      "\(path): expected a file that can be written, received from \(call): \(reason); "
        + "check the path and its permissions"
    case .notEncoded(let width, let height, let reason):
      "PNG: expected a picture that libpng can encode, received \(width)×\(height): \(reason); "
        + "show fewer or smaller images"
    case .noComponents(let status):
      "PCA: expected finite values, received LAPACK's dsyevr status "
        + "\(status); check for values that are not finite"
    }
  }
}
