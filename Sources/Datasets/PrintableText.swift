extension StringProtocol {
  /// An external text as a message may show it: characters that control a terminal or the writing
  /// direction are escaped (`\n`, `\u{1b}`), and a text longer than `limit` characters is shortened
  /// with `…`; nil for no limit.
  package func printable(_ limit: Int? = 60) -> String {
    var result = ""
    for scalar in unicodeScalars.prefix(limit ?? .max) {
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where Self.isControl(scalar): result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    guard let limit, unicodeScalars.dropFirst(limit).first != nil else { return result }
    return result + "…"
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: scalar.properties.isBidiControl
    }
  }
}
