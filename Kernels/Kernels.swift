/// The OpenCL C sources, by file name without `.cl`: `kernelSource(named: "product")`. Each line
/// `#include "vectors.cl"` is replaced by that file at its first occurrence, so the driver gets one
/// text.
package func kernelSource(named name: String) -> String {
  var seen: Set<Substring> = []
  return expanded(embeddedText("\(name).cl")[...], &seen)
}

/// A source text given by the caller, in which such lines are replaced, too.
package func kernelSource(expanding text: String) -> String {
  var seen: Set<Substring> = []
  return expanded(text[...], &seen)
}

/// The names of all kernel files, sorted, including files that are only included.
package var kernelFileNames: [String] {
  embeddedTexts.keys.sorted().map { String($0.dropLast(3)) }
}

private func embeddedText(_ file: some StringProtocol) -> String {
  guard let text = embeddedTexts[String(file)] else {
    preconditionFailure("there is no kernel file \(file)")
  }
  return text
}

/// - Parameter seen: the files that are already in the text.
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
