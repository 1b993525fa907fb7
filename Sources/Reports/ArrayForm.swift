/// The forms in which rows of numbers leave the program.
package enum ArrayForm: String, CaseIterable, Hashable, Sendable {
  /// An array of NumPy, float32.
  case npy
  /// A table with a header, a line to a row.
  case csv
  /// One object.
  case json
  /// A picture, where the rows are images.
  case png

  /// What the ending of a path says; `nil` where it says nothing.
  package init?(endingOf path: String) {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return nil }
    self.init(rawValue: name[name.index(after: dot)...].lowercased())
  }
}
