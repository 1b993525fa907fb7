import Glibc

/// The colours of a page on a light and a dark background. Text has a contrast of at least 4.5 to
/// its background, lines and marks of at least 3 (WCAG 2.2, 1.4.3 and 1.4.11). The series can be
/// distinguished by people with any type of colour blindness: in the simulation of Machado,
/// Oliveira and Fernandes, *A Physiologically-based Model for Simulation of Color Vision
/// Deficiency* (2009), any two differ by at least 0.09 in Oklab.
package struct PageColors: Hashable, Sendable {
  /// The background of the page, and of figures and tables.
  package let ground: Int
  package let panel: Int
  package let text: Int
  package let quiet: Int
  package let link: Int
  /// Separating lines, which carry no information.
  package let rule: Int
  /// The background of anomalous ranges in a series.
  package let shade: Int
  package let series: [Int]

  package static let seriesCount = 10

  package static let light = PageColors(
    ground: 0xfbfbfa, panel: 0xffffff, text: 0x1b1e22, quiet: 0x565c64, link: 0x0b5cad,
    rule: 0xdcdfe3, shade: 0xf6d3c8,
    series: [
      0x0077aa, 0xdd6600, 0x2222cc, 0x552288, 0xcc11ff, 0x771133, 0x998877, 0xbb2200, 0x775555,
      0x4499cc,
    ])
  package static let dark = PageColors(
    ground: 0x14171a, panel: 0x1c2024, text: 0xe8eaed, quiet: 0xaab1ba, link: 0x7fbdf5,
    rule: 0x3a4047, shade: 0x5a2f22,
    series: [
      0x44aadd, 0xff8844, 0x44ddaa, 0xccff99, 0x88ffff, 0x777766, 0xdd3311, 0x2288aa, 0xeecc00,
      0xbb11ee,
    ])

  /// `(L₁ + 0.05) / (L₂ + 0.05)` of the relative luminances of two sRGB colours, from 1 to 21.
  package static func contrast(_ first: Int, _ second: Int) -> Double {
    let (a, b) = (luminance(first), luminance(second))
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  private static func luminance(_ color: Int) -> Double {
    zip([16, 8, 0], [0.2126, 0.7152, 0.0722]).reduce(0) { sum, channel in
      let value = Double(color >> channel.0 & 255) / 255
      return sum
        + channel.1 * (value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4))
    }
  }

  /// As custom properties of a style sheet.
  var properties: String {
    let named = [
      ("ground", ground), ("panel", panel), ("text", text), ("quiet", quiet), ("link", link),
      ("rule", rule), ("shade", shade),
    ]
    return (named + series.enumerated().map { ("s\($0)", $1) })
      .map { "--\($0):#\(Self.hexadecimal($1))" }.joined(separator: ";")
  }

  private static func hexadecimal(_ color: Int) -> String {
    let digits = String(color, radix: 16)
    return String(repeating: "0", count: 6 - digits.count) + digits
  }
}
