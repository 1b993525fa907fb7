import Foundation

/// The elements that a report is made of.
extension HTML {
  package static func paragraph(_ text: HTML..., style: String? = nil) -> HTML {
    .element("p", ["class": style], text)
  }

  /// - Parameter level: 1 to 6.
  package static func heading(_ level: Int, _ text: HTML, id: String? = nil) -> HTML {
    .element("h\(level)", ["id": id], [text])
  }

  /// What is shown, with what it is below.
  package static func figure(
    _ content: [HTML], caption: HTML, style: String? = nil
  ) -> HTML {
    .element(
      "figure", ["class": style], content + [.element("figcaption", [:], [caption])])
  }

  /// A picture in the page itself, enlarged to a whole number of its pixels or as wide as the page.
  /// - Parameters:
  ///   - alternative: what it shows, in words.
  ///   - scale: what its size in the page is a multiple of.
  package static func image(
    _ picture: Picture, alternative: String, scale: Int = 1
  ) throws(ReportError) -> HTML {
    .element(
      "img",
      [
        "src": try dataAddress(of: picture), "alt": alternative,
        "width": "\(picture.width * scale)", "height": "\(picture.height * scale)",
      ])
  }

  /// A PNG file as an address that holds it.
  package static func dataAddress(of picture: Picture) throws(ReportError) -> String {
    dataAddress(ofPNG: Data(try PNG.encode(picture)))
  }

  package static func dataAddress(ofPNG bytes: Data) -> String {
    "data:image/png;base64," + bytes.base64EncodedString()
  }

  /// Names and what they are, one below the other.
  package static func facts(_ facts: [(name: String, value: HTML)]) -> HTML {
    .element(
      "dl", [:],
      facts.map { fact in
        .element(
          "div", [:],
          [.element("dt", [:], [.text(fact.name)]), .element("dd", [:], [fact.value])])
      })
  }

  /// What is too wide for a phone scrolls by itself; a keyboard reaches it.
  package static func scrolling(_ content: HTML, label: String) -> HTML {
    .element(
      "div", ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": label], [content])
  }

  /// Text as it was written, such as a file's or a command.
  package static func preformatted(_ text: String, label: String) -> HTML {
    .element(
      "pre", ["tabindex": "0", "role": "region", "aria-label": label],
      [.element("code", [:], [.text(text)])])
  }

  /// A table whose first column names the rows.
  /// - Parameter shares: of each row, 0 to 1, drawn as a bar at its end.
  package static func table(
    _ table: TextTable, caption: HTML, shares: [Double]? = nil
  ) -> HTML {
    func cell(_ row: [String], _ place: Int, isHead: Bool) -> HTML {
      let style = table.columns[place].isNumber ? "number" : nil
      guard !isHead, place > 0 else {
        return .element(
          "th", ["scope": isHead ? "col" : "row", "class": style], [.text(row[place])])
      }
      return .element("td", ["class": style], [.text(row[place])])
    }
    let head = table.columns.indices.map { cell(table.columns.map(\.title), $0, isHead: true) }
    let rows = table.rows.enumerated().map { index, row in
      var cells = row.indices.map { cell(row, $0, isHead: false) }
      if let shares { cells.append(bar(shares[index])) }
      return HTML.element("tr", [:], cells)
    }
    let last: [HTML] =
      shares == nil ? [] : [.element("th", ["scope": "col", "class": "share"], ["share"])]
    return scrolling(
      .element(
        "table", [:],
        [
          .element("caption", [:], [caption]),
          .element("thead", [:], [.element("tr", [:], head + last)]),
          .element("tbody", [:], rows),
        ]), label: "table")
  }

  private static func bar(_ share: Double) -> HTML {
    let width = Numbers.plain((1000 * min(max(share, 0), 1)).rounded() / 10)
    return .element(
      "td", ["class": "share"],
      [.element("span", ["style": "width:\(width)%", "title": Numbers.percent(share)])])
  }
}
