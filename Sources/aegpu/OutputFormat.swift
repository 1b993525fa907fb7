import ArgumentParser
import Foundation

/// How a command prints a table.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json
}

extension Encodable {
  /// As JSON for people and programs: indented, fields by name.
  func jsonText() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
