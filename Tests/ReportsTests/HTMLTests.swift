import Foundation
import Reports
import Testing

/// Texts of others stay text in a page.
@Suite struct HTMLTests {
  private static let hostile = "<script>alert('x')</script> & \"quoted\""
  private static let escaped =
    "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;quoted&quot;"

  @Test func textsAreEscaped() {
    #expect(HTML.text(Self.hostile).source == Self.escaped)
    #expect(("a \(Self.hostile)" as HTML).source == "a " + Self.escaped)
    #expect(HTML.element("p", [:], ["<b>"]).source == "<p>&lt;b&gt;</p>")
  }

  @Test func attributesAreEscaped() {
    let element = HTML.element("img", ["alt": Self.hostile, "title": nil, "hidden": ""])
    #expect(element.source == "<img alt=\"\(Self.escaped)\" hidden>")
  }

  /// HTML is not escaped again.
  @Test func piecesStayPieces() {
    let bold = HTML.element("b", [:], ["x"])
    #expect(("see \(bold), \(7)" as HTML).source == "see <b>x</b>, 7")
  }

  @Test func controlsAreShown() {
    #expect(HTML.text("a\u{1b}[31m\u{202e}b\nc\u{0}").source == "a\u{fffd}[31m\u{fffd}b\nc\u{fffd}")
    #expect(HTML.text("Größe μ ‖ 日本").source == "Größe μ ‖ 日本")
  }

  @Test func tablesNameTheirRowsAndColumns() {
    var table = TextTable([.text("kernel <1>"), .number("µs")])
    table.append(["a&b", "1.5"])
    let source = HTML.table(table, caption: "times", shares: [0.25]).source
    #expect(source.contains("<caption>times</caption>"))
    #expect(source.contains("<th scope=\"col\">kernel &lt;1&gt;</th>"))
    #expect(source.contains("<th scope=\"row\">a&amp;b</th><td class=\"number\">1.5</td>"))
    #expect(source.contains("width:25%"))
  }

  @Test func picturesAreInThePage() throws {
    let picture = Picture(width: 2, height: 3, channels: 1, shade: 9)
    let source = try HTML.image(picture, alternative: "gray", scale: 4).source
    #expect(source.hasPrefix("<img src=\"data:image/png;base64,"))
    #expect(source.hasSuffix("alt=\"gray\" width=\"8\" height=\"12\">"))
    let text = try #require(source.split(separator: ",").dropFirst().first?.prefix { $0 != "\"" })
    let bytes = try #require(Data(base64Encoded: String(text)))
    #expect(Array(bytes) == (try PNG.encode(picture)))
  }

  /// WCAG 2.2, level AA, on both grounds.
  @Test(arguments: [PageColors.light, .dark])
  func colorsHaveContrast(_ colors: PageColors) {
    for ground in [colors.ground, colors.panel] {
      for text in [colors.text, colors.quiet, colors.link] {
        #expect(PageColors.contrast(text, ground) >= 4.5)
      }
      for mark in colors.series { #expect(PageColors.contrast(mark, ground) >= 3) }
    }
    // A line that crosses a shaded range.
    #expect(PageColors.contrast(colors.text, colors.shade) >= 4.5)
    #expect(colors.series.count == PageColors.seriesCount)
    #expect(Set(colors.series).count == PageColors.seriesCount)
  }

  @Test func contrastIsThatOfItsDefinition() {
    #expect(abs(PageColors.contrast(0xffffff, 0x000000) - 21) < 1e-9)
    // A pair that the standard's own techniques name as just enough.
    #expect(abs(PageColors.contrast(0x767676, 0xffffff) - 4.54) < 0.005)
  }
}
