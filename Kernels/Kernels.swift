/// The OpenCL C sources, by file name without `.cl`: `kernelSource(named: "product")`. A line
/// `#include "vectors.cl"` stands for that file, where it comes first; a driver sees one text.
package func kernelSource(named name: String) -> String {
  var seen: Set<Substring> = []
  return expanded(embeddedText("\(name).cl")[...], &seen)
}

/// A source of one's own in which such lines are as good.
package func kernelSource(expanding text: String) -> String {
  var seen: Set<Substring> = []
  return expanded(text[...], &seen)
}

/// The names of all kernel files, sorted; those that only others include are among them.
package var kernelFileNames: [String] {
  embeddedTexts.keys.sorted().map { String($0.dropLast(3)) }
}

private func embeddedText(_ file: some StringProtocol) -> String {
  guard let text = embeddedTexts[String(file)] else {
    preconditionFailure("there is no kernel file \(file)")
  }
  return text
}

/// - Parameter seen: the files that stand in the text already.
private func expanded(_ text: Substring, _ seen: inout Set<Substring>) -> String {
  var lines: [String] = []
  for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
    guard line.hasPrefix("#include \"") else {
      lines.append(String(line))
      continue
    }
    let file = line.dropFirst(10).dropLast()
    if seen.insert(file).inserted { lines.append(expanded(embeddedText(file)[...], &seen)) }
  }
  return lines.joined(separator: "\n")
}
