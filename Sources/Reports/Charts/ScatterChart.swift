/// Points in a plane, coloured by group. Some have a card, which is shown when they are pointed at,
/// touched or focused.
package struct ScatterChart: Chart, Hashable {
  package struct Group: Hashable, Sendable {
    package let name: String
    package let points: [LineChart.Point]

    package init(name: String, points: [LineChart.Point]) {
      (self.name, self.points) = (name, points)
    }
  }

  /// The contents of a point's card: its text and, if there is one, its picture in the sprite.
  package struct Card: Hashable, Sendable {
    package let point: LineChart.Point
    package let text: String

    package init(point: LineChart.Point, text: String) { (self.point, self.text) = (point, text) }
  }

  /// The pictures of all cards in one picture, one below the other.
  package struct Sprite: Hashable, Sendable {
    package let picture: Picture
    package let count: Int

    package init(picture: Picture, count: Int) {
      precondition(
        count > 0 && picture.height % count == 0, "all pictures must have the same height")
      (self.picture, self.count) = (picture, count)
    }
  }

  package let label: String
  package let axes: [String]
  /// A single group may have no name.
  package let groups: [Group]
  package var cards: [Card] = []
  package var sprite: Sprite?
  /// The id of the element after the cards, for keyboard users who skip them.
  package var next: String?

  package init(label: String, axes: [String], groups: [Group]) {
    (self.label, self.axes, self.groups) = (label, axes, groups)
  }

  /// The largest number of groups that colours and shapes can distinguish.
  package static let mostGroups = 20

  package var html: HTML {
    let points = groups.flatMap(\.points)
    let frame = ChartFrame(
      x: ChartScale(Self.padded(points.map(\.x)), isTight: true),
      y: ChartScale(Self.padded(points.map(\.y)), isTight: true), titles: (axes[0], axes[1]),
      height: 340)
    let radius = points.count > 1000 ? 1.6 : points.count > 300 ? 2.2 : 3
    let svg = frame.svg(label: label, Self.marks(groups, radius: radius, in: frame))
    let legend =
      groups.count > 1
      ? ChartLegend(
        entries: groups.enumerated().map { .init(name: $1.name, style: ChartStyle($0)) }
      ).html : .text("")
    guard !cards.isEmpty else { return .joined([svg, legend]) }
    return .joined([
      skip,
      .element("div", ["class": "spots", "style": spriteProperty], [svg] + spots(in: frame)),
      .element("div", ["id": next], [legend]),
    ])
  }

  /// A link that is shown when it has the keyboard focus.
  private var skip: HTML {
    guard let next else { return "" }
    let text: HTML = "Skip \(Numbers.counted(cards.count, "point"))"
    return .element("a", ["class": "skip", "href": "#\(next)"], [text])
  }

  /// The values with a margin on either side, so that no point is on the edge.
  private static func padded(_ values: [Double]) -> [Double] {
    let finite = values.filter(\.isFinite)
    guard let least = finite.min(), let most = finite.max() else { return [] }
    return [least - 0.04 * (most - least), most + 0.04 * (most - least)]
  }

  /// The points of the groups alternate, so that no group covers the others.
  private static func marks(
    _ groups: [Group], radius: Double, in frame: ChartFrame
  ) -> [HTML] {
    let turns = 8
    return (0..<turns).flatMap { turn in
      groups.enumerated().compactMap { place, group -> HTML? in
        let count = group.points.count
        let own = group.points[turn * count / turns..<(turn + 1) * count / turns]
        guard !own.isEmpty else { return nil }
        let style = ChartStyle(place)
        return SVG.path(
          own.map { style.mark(x: frame.place(x: $0.x), y: frame.place(y: $0.y), radius: radius) }
            .joined(), style: "dots \(style.name)")
      }
    }
  }

  private var spriteProperty: String? {
    guard let sprite, let address = try? HTML.dataAddress(of: sprite.picture) else { return nil }
    return "--sprite:url(\(address))"
  }

  private func spots(in frame: ChartFrame) -> [HTML] {
    cards.enumerated().map { place, card in
      let (x, y) = frame.share(x: card.point.x, y: card.point.y)
      let picture = sprite.map { sprite in
        let (width, height) = (sprite.picture.width, sprite.picture.height / sprite.count)
        let scale = max(84 / max(width, height), 1)
        return HTML.element(
          "span",
          [
            "class": "picture",
            "style": "width:\(width * scale)px;height:\(height * scale)px;"
              + "background-size:\(width * scale)px auto;"
              + "background-position:0 \(-place * height * scale)px",
          ])
      }
      let side = (x > 0.5 ? " before" : "") + (y > 0.5 ? " above" : "")
      return .element(
        "button",
        [
          "type": "button", "class": "spot" + side,
          "style": "left:\(Numbers.plain(100 * x))%;top:\(Numbers.plain(100 * y))%",
          "aria-label": card.text,
        ],
        [.element("span", ["class": "card"], [picture ?? .text(""), .text(card.text)])])
    }
  }
}
