/// The output forms of rows of numbers.
package enum ArrayForm: String, CaseIterable, Hashable, Sendable {
  /// A NumPy array, float32.
  case npy
  /// A table with a header, one line per row.
  case csv
  /// One object.
  case json
  /// A picture, if the rows are images.
  case png

  /// The form of a path's extension; `nil` for another extension.
  package init?(endingOf path: String) {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return nil }
    self.init(rawValue: name[name.index(after: dot)...].lowercased())
  }
}
