import Reports

/// Codes in a plane, coloured by label.
struct CodeCharts {
  private let map: CodeMap
  private let baseline: PrincipalBaseline?
  private let subject: String
  /// The id of the element after the points.
  private let nextID: String

  /// - Parameter baseline: PCA, whose points are drawn in a second chart.
  init(
    _ map: CodeMap, beside baseline: PrincipalBaseline?, subject: String, nextID: String
  ) {
    (self.map, self.baseline, self.subject) = (map, baseline, subject)
    self.nextID = nextID
  }

  func pieces() throws -> [HTML] {
    let count = map.points.count / 2
    var chart = ScatterChart(
      label: "codes of \(Numbers.counted(count, "example")) in a plane", axes: axes,
      groups: groups(of: map.points))
    chart.cards = map.cards.map {
      ScatterChart.Card(point: Self.point($0.index, of: map.points), text: $0.name)
    }
    chart.next = nextID
    if let grid = map.grid, !map.cards.isEmpty {
      let images = map.cards.compactMap(\.image)
      let (small, pixels) = grid.shrunk(images.flatMap { $0 }, to: 48)
      var column = small
      (column.scale, column.margin, column.gap, column.columns) = (1, 0, 0, 1)
      chart.sprite = ScatterChart.Sprite(picture: column.samples(pixels), count: images.count)
    }
    let some =
      count < map.total
      ? "\(Numbers.grouped(count)) of \(subject), evenly spaced" : subject
    var caption = "Codes of \(some)"
    if map.labels != nil { caption += ", coloured by label" }
    caption +=
      map.explained.map { explained in
        ". A code has \(Numbers.grouped(map.codeSize)) numbers; shown are its first two principal "
          + "components, with \(Numbers.percent(explained.reduce(0, +))) of the variance."
      } ?? ", unchanged."
    if !map.cards.isEmpty {
      caption += " Point at, touch or focus a circled point to see its example."
    }
    var figures: [HTML] = [.figure([chart.html], caption: .text(caption))]
    if let baseline { figures.append(figure(of: baseline)) }
    return [.element("div", ["class": "figures"], figures)]
  }

  private func figure(of baseline: PrincipalBaseline) -> HTML {
    let chart = ScatterChart(
      label: "the same examples along principal components",
      axes: Self.axes(baseline.pointShares), groups: groups(of: baseline.points))
    return .figure(
      [chart.html],
      caption:
        "The same examples along the first two of \(Numbers.counted(baseline.components, "principal component")): PCA is the linear baseline."
    )
  }

  private var axes: [String] {
    guard let explained = map.explained else { return ["first number of the code", "second"] }
    return Self.axes(explained)
  }

  private static func axes(_ shares: [Double]) -> [String] {
    zip(["first", "second"], shares).map { name, share in
      "\(name) component, \(Numbers.percent(share)) of the variance"
    }
  }

  private static func point(_ index: Int, of points: [Float]) -> LineChart.Point {
    LineChart.Point(Double(points[2 * index]), Double(points[2 * index + 1]))
  }

  /// One group per label; a single group if there are too many labels to distinguish.
  private func groups(of points: [Float]) -> [ScatterChart.Group] {
    let all = 0..<points.count / 2
    let labels = map.labels.map { Set($0).sorted() } ?? []
    guard let own = map.labels, labels.count <= ScatterChart.mostGroups else {
      return [.init(name: "", points: all.map { Self.point($0, of: points) })]
    }
    return labels.map { label in
      let names = map.labelNames ?? []
      let name = names.indices.contains(Int(label)) ? names[Int(label)] : "\(label)"
      return .init(
        name: name,
        points: all.filter { own[$0] == label }.map { Self.point($0, of: points) })
    }
  }
}
