import Foundation

/// `EmbedTexts OUTPUT FILE…` writes a Swift file with the files' texts in one dictionary, by file name.
@main struct EmbedTexts {
  static func main() throws {
    let arguments = CommandLine.arguments
    var source = "let embeddedTexts: [String: String] = [\n"
    if arguments.count == 2 { source += "  :\n" }
    for path in arguments.dropFirst(2) {
      let file = URL(fileURLWithPath: path)
      let text = try String(contentsOf: file, encoding: .utf8)
      source += "  \"\(file.lastPathComponent)\": ####\"\"\"\n\(text)\n\"\"\"####,\n"
    }
    source += "]\n"
    // An unchanged file is not written, so that nothing is compiled again.
    guard source != (try? String(contentsOfFile: arguments[1], encoding: .utf8)) else { return }
    try source.write(toFile: arguments[1], atomically: true, encoding: .utf8)
  }
}
