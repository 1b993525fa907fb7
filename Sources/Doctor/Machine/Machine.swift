import Foundation
import Plans

/// The machine as its files show it.
package struct Machine {
  /// What stands before `/dev`, `/sys` and `/proc`: nothing, but in tests.
  let root: String
  let environment: (String) -> String?

  /// - Parameter environment: a variable's value by its name.
  package init(root: String = "", environment: @escaping (String) -> String?) {
    (self.root, self.environment) = (root, environment)
  }

  /// The names in a folder, in order; none where it cannot be read.
  func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: root + folder)) ?? []).sorted()
  }

  /// A file's first line; `nil` where it cannot be read.
  func line(of path: String) -> String? {
    guard let text = try? String(contentsOfFile: root + path, encoding: .utf8) else { return nil }
    return text.split(separator: "\n").first.map { $0.trimmingCharacters(in: .whitespaces) }
  }

  func number(in path: String) -> Int? { line(of: path).flatMap { Int($0) } }

  func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root + path) }
}
