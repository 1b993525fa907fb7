/// A piece of an HTML page. Every text and attribute value is escaped, so that names of files,
/// labels and recipes cannot become markup.
package struct HTML: Hashable, Sendable {
  /// The source in the page.
  package let source: String

  private init(source: String) { self.source = source }

  /// A text. Characters that control a terminal or the writing direction become `�`.
  package static func text(_ text: String) -> HTML { HTML(source: escaped(text)) }

  /// An element with its attributes, in order; an attribute with value `nil` is left out, and one
  /// with an empty value is written without a value.
  package static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ children: [HTML] = []
  ) -> HTML {
    var source = "<" + name
    for case (let key, let value?) in attributes {
      source += value.isEmpty ? " \(key)" : " \(key)=\"\(escaped(value))\""
    }
    source += ">"
    guard !voids.contains(name) else { return HTML(source: source) }
    return HTML(source: source + children.map(\.source).joined() + "</\(name)>")
  }

  /// Concatenated pieces.
  package static func joined(_ pieces: [HTML], separator: String = "") -> HTML {
    HTML(source: pieces.map(\.source).joined(separator: separator))
  }

  /// Our own style sheet, which must not contain external text.
  package static func style(_ sheet: String) -> HTML {
    precondition(!sheet.contains("</"), "a style sheet must not contain an end tag")
    return HTML(source: "<style>\(sheet)</style>")
  }

  /// Our own script, which must not contain external text.
  /// - Parameter nonce: its nonce in the page's policy.
  package static func script(_ script: String, nonce: String) -> HTML {
    precondition(!script.contains("</"), "a script must not contain an end tag")
    return HTML(source: "<script nonce=\"\(escaped(nonce))\">\(script)</script>")
  }

  /// A whole page with these children of `html`.
  package static func document(language: String, head: [HTML], body: [HTML]) -> String {
    let html = element(
      "html", ["lang": language],
      [element("head", [:], head), "\n", element("body", [:], body)])
    return "<!DOCTYPE html>\n" + html.source + "\n"
  }

  package var isEmpty: Bool { source.isEmpty }

  /// Elements without an end tag.
  private static let voids: Set = ["br", "img", "meta", "hr"]

  fileprivate static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case _ where isControl(scalar): result += "\u{fffd}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    guard !(" "..."~").contains(scalar) else { return false }
    return scalar.properties.generalCategory == .control || scalar.properties.isBidiControl
  }
}

/// A string literal is a text, and so are interpolated values, except pieces of HTML.
extension HTML: ExpressibleByStringInterpolation {
  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var source = ""

    package init(literalCapacity: Int, interpolationCount: Int) {}

    package mutating func appendLiteral(_ text: String) { source += HTML.escaped(text) }
    package mutating func appendInterpolation(_ piece: HTML) { source += piece.source }
    package mutating func appendInterpolation(_ text: some CustomStringConvertible) {
      source += HTML.escaped(text.description)
    }
  }

  package init(stringLiteral text: String) { self = .text(text) }
  package init(stringInterpolation text: StringInterpolation) { source = text.source }
}
