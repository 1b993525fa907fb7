/// A piece of an HTML page. Every text and every value of an attribute is escaped as it comes in, so
/// that names of files, labels and recipes stay text whatever is in them.
package struct HTML: Hashable, Sendable {
  /// As it stands in the page.
  package let source: String

  private init(source: String) { self.source = source }

  /// A text. Characters that control a terminal or the direction of writing become `�`.
  package static func text(_ text: String) -> HTML { HTML(source: escaped(text)) }

  /// An element with its attributes, in order; those whose value is `nil` are left out, and one whose
  /// value is empty stands by its name alone.
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

  /// Pieces one after the other.
  package static func joined(_ pieces: [HTML], separator: String = "") -> HTML {
    HTML(source: pieces.map(\.source).joined(separator: separator))
  }

  /// A style sheet of our own: what stands in it is no text of others.
  package static func style(_ sheet: String) -> HTML {
    precondition(!sheet.contains("</"), "a style sheet ends no element")
    return HTML(source: "<style>\(sheet)</style>")
  }

  /// A script of our own: what stands in it is no text of others.
  /// - Parameter nonce: by which the page's policy knows it.
  package static func script(_ script: String, nonce: String) -> HTML {
    precondition(!script.contains("</"), "a script ends no element")
    return HTML(source: "<script nonce=\"\(escaped(nonce))\">\(script)</script>")
  }

  /// A whole page of these children of `html`.
  package static func document(language: String, head: [HTML], body: [HTML]) -> String {
    let html = element(
      "html", ["lang": language],
      [element("head", [:], head), "\n", element("body", [:], body)])
    return "<!DOCTYPE html>\n" + html.source + "\n"
  }

  package var isEmpty: Bool { source.isEmpty }

  /// Elements without an end.
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

/// A literal is a text, and so is what is interpolated in it, but for pieces of HTML themselves.
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
