import Foundation

/// The elements of reports.
extension HTML {
  package static func paragraph(_ text: HTML..., style: String? = nil) -> HTML {
    .element("p", ["class": style], text)
  }

  /// - Parameter level: 1 to 6.
  package static func heading(_ level: Int, _ text: HTML, id: String? = nil) -> HTML {
    .element("h\(level)", ["id": id], [text])
  }

  /// A figure with its caption.
  package static func figure(
    _ content: [HTML], caption: HTML, style: String? = nil
  ) -> HTML {
    .element(
      "figure", ["class": style], content + [.element("figcaption", [:], [caption])])
  }

  /// A picture embedded in the page, enlarged by a whole number or as wide as the page.
  /// - Parameters:
  ///   - alternative: a description of the picture.
  ///   - scale: the factor of its size in the page.
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

  /// A data URL of a PNG file.
  package static func dataAddress(of picture: Picture) throws(ReportError) -> String {
    dataAddress(ofPNG: Data(try PNG.encode(picture)))
  }

  package static func dataAddress(ofPNG bytes: Data) -> String {
    "data:image/png;base64," + bytes.base64EncodedString()
  }

  /// Names and values, one below the other.
  package static func facts(_ facts: [(name: String, value: HTML)]) -> HTML {
    .element(
      "dl", [:],
      facts.map { fact in
        .element(
          "div", [:],
          [.element("dt", [:], [.text(fact.name)]), .element("dd", [:], [fact.value])])
      })
  }

  /// Wide content that scrolls on its own; it can be reached by keyboard.
  package static func scrolling(_ content: HTML, label: String) -> HTML {
    .element(
      "div", ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": label], [content])
  }

  /// Preformatted text, such as a file or a command.
  package static func preformatted(_ text: String, label: String) -> HTML {
    .element(
      "pre", ["tabindex": "0", "role": "region", "aria-label": label],
      [.element("code", [:], [.text(text)])])
  }

  /// A table whose first column has the names of the rows.
  /// - Parameter shares: for each row, a value from 0 to 1 that is drawn as a bar at its end.
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
