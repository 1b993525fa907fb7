/// `acts.safetensors:layer3` or `file.h5:/group/images`: a file, or a pattern of files, that has several
/// arrays, and the name of one.
package struct TensorPath: Hashable, Sendable {
  package let path: String
  /// nil: the only one.
  package let name: String?

  package static let hdf5Endings = ["h5", "hdf5", "hdf", "he5"]
  private static let endings = ["safetensors"] + hdf5Endings

  /// nil if the text names no file of such a format.
  package init?(_ text: String) {
    if InputFile.exists(text) {
      (path, name) = (text, nil)
    } else {
      let colon = text.indices.first { index in
        text[index] == ":"
          && Self.endings.contains { text[..<index].lowercased().hasSuffix(".\($0)") }
      }
      path = colon.map { String(text[..<$0]) } ?? text
      name = colon.map { String(text[text.index(after: $0)...]) }
    }
    guard Self.endings.contains(InputFile.fileExtension(path)) else { return nil }
  }

  var isHDF5: Bool { Self.hdf5Endings.contains(InputFile.fileExtension(path)) }
}
