/// `file.npz:images`, the path of an archive and the name of an array in it.
package struct ArchivePath: Hashable, Sendable {
  package let path: String
  package let array: String

  /// nil if the text is the path of an existing file, or if there is no such archive.
  package init?(_ text: String) {
    guard !InputFile.exists(text), let colon = text.lastIndex(of: ":") else { return nil }
    let path = String(text[..<colon])
    guard InputFile.fileExtension(path) == "npz", InputFile.exists(path) else { return nil }
    self.path = path
    array = String(text[text.index(after: colon)...])
  }
}
