import Reports
import Testing

@Suite struct ChartScaleTests {
  @Test(arguments: [
    ([0.0, 1], [0, 0.2, 0.4, 0.6, 0.8, 1]),
    ([3.2, 97], [0, 20, 40, 60, 80, 100]),
    ([-0.013, 0.021], [-0.02, -0.01, 0, 0.01, 0.02, 0.03]),
    ([250, 450], [250, 300, 350, 400, 450]),
  ])
  func ticksAreRound(values: [Double], ticks: [Double]) {
    let scale = ChartScale(values)
    expectClose(scale.ticks, ticks)
    #expect(scale.low <= values[0] && scale.high >= values[1])
    #expect(scale.share(of: scale.low) == 0 && scale.share(of: scale.high) == 1)
  }

  @Test func tightScalesEndAtTheValues() {
    let scale = ChartScale([0.7, 9.3], isTight: true)
    #expect(scale.low == 0.7 && scale.high == 9.3)
    expectClose(scale.ticks, [2, 4, 6, 8])
  }

  @Test func countsHaveNoFractions() {
    #expect(ChartScale([1, 2], isTight: true, countsWhole: true).ticks == [1, 2])
    #expect(ChartScale([1], isTight: true, countsWhole: true).ticks == [0, 1, 2])
  }

  @Test func logarithmicScalesCountDecades() {
    let scale = ChartScale([0.003, 40, -1, 0], isLogarithmic: true)
    expectClose(scale.ticks, [0.001, 0.01, 0.1, 1, 10, 100])
    expectClose([scale.share(of: 0.1)], [0.4])
    expectClose(ChartScale([2, 30], isLogarithmic: true).ticks, [1, 2, 5, 10, 20, 50, 100])
  }

  /// No values, one value, values that are none.
  @Test func everythingHasAScale() {
    #expect(ChartScale([]).ticks.count > 2)
    for scale in [ChartScale([5, 5]), ChartScale([.nan, 5, .infinity]), ChartScale([0])] {
      #expect(scale.low < scale.high && scale.ticks.count > 1)
      #expect((0...1).contains(scale.share(of: 5)) || scale.high < 5)
    }
    let bars = ChartScale([0.0, 0], includesZero: true)
    #expect(bars.low == 0 && bars.high > 0)
  }

  @Test func ticksAreWrittenWithTheDigitsThatTellThemApart() {
    #expect(ChartScale([0, 1]).ticks.map(ChartScale([0, 1]).text).first == "0.0")
    let scale = ChartScale([-0.004, 0.01])
    #expect(scale.ticks.map(scale.text) == ["−0.005", "0.000", "0.005", "0.010"])
    let large = ChartScale([0, 60_000])
    #expect(large.ticks.map(large.text).last == "60,000")
  }

  private func expectClose(_ values: [Double], _ expected: [Double]) {
    #expect(values.count == expected.count, "\(values)")
    for (value, expected) in zip(values, expected) {
      #expect(abs(value - expected) < 1e-9, "\(values)")
    }
  }
}

@Suite struct ChartTests {
  @Test func gapsPartLines() {
    let chart = LineChart(
      label: "a", axes: ["x", "y"],
      lines: [
        .init(
          name: "<one>", points: [.init(0, 0), .init(1, .nan), .init(2, 1)], style: ChartStyle(0))
      ])
    let source = chart.html.source
    let path = source.split(separator: "class=\"line s0\"")[0].split(separator: "d=\"").last!
    #expect(path.filter { $0 == "M" }.count == 2 && !path.contains("L"))
    #expect(source.contains("&lt;one&gt;") && !source.contains("<one>"))
    #expect(!source.contains("nan"))
  }

  /// The peak of a long line stays.
  @Test func longLinesAreThinned() {
    let points = (0..<100_000).map { LineChart.Point(Double($0), $0 == 77_777 ? 3 : 0) }
    let chart = LineChart(
      label: "a", axes: ["x", "y"], lines: [.init(name: "b", points: points, style: ChartStyle(0))])
    let short = LineChart(
      label: "a", axes: ["x", "y"],
      lines: [.init(name: "b", points: [points[0], points[77_777]], style: ChartStyle(0))])
    #expect(chart.html.source.utf8.count < 40_000)
    // Both reach the top tick of one scale.
    #expect(Self.highest(chart) == Self.highest(short))
  }

  private static func highest(_ chart: LineChart) -> Double? {
    let source = chart.html.source
    let path = source.split(separator: "\" class=\"line s0\"")[0].split(separator: "d=\"").last!
    return path.split { "ML".contains($0) }.compactMap { Double($0.split(separator: " ")[1]) }.min()
  }

  @Test func marksNameTheirPoint() {
    var chart = LineChart(
      label: "loss", axes: ["epoch", "loss"],
      lines: [.init(name: "a", points: [.init(1, 3), .init(2, 1)], style: ChartStyle(0))])
    chart.marks = [.init(name: "best epoch, 2", point: .init(2, 1))]
    chart.level = .init(name: "threshold", value: 9)
    chart.shades = [0.5...1.5]
    chart.shadeName = "found"
    let source = chart.html.source
    #expect(source.contains("<title>best epoch, 2</title>"))
    #expect(source.contains("threshold") && source.contains("class=\"shade\""))
    // The level is above all points and still within the axis.
    #expect(source.contains(">10<"))
  }

  /// A threshold of 0 has no place on a logarithmic axis: the axis is a linear one then.
  @Test func levelsAreOnTheAxis() {
    var chart = LineChart(
      label: "a", axes: ["x", "y"],
      lines: [.init(name: "a", points: [.init(0, 0.001), .init(1, 10)], style: ChartStyle(0))])
    #expect(chart.html.source.contains(">0.01<"))
    chart.level = .init(name: "threshold", value: 0)
    #expect(chart.html.source.contains(">0<") && !chart.html.source.contains(">0.01<"))
  }

  @Test func barsStandOnZero() throws {
    let bars = [("3", 2.0), ("1", 1), ("0", 0)].map { BarChart.Bar(name: $0.0, value: $0.1) }
    let source = BarChart(label: "KL", axes: ["unit", "nats"], bars: bars).html.source
    #expect(source.contains("<title>3: 2.0000</title>"))
    let heights = source.matches(of: /height="([0-9.]+)" class="bar/).compactMap { Double($0.1) }
    #expect(heights.count == 3 && heights[0] == 2 * heights[1] && heights[2] == 0, "\(heights)")
  }

  @Test func histogramsShareOutEveryValue() {
    let values = (0..<1000).map { Double($0 % 100) }
    let chart = HistogramChart(
      label: "a", axis: "score",
      groups: [
        .init(name: "x", values: values + [.nan], style: ChartStyle(0)),
        .init(name: "y", values: [1e9], style: ChartStyle(1)),
        .init(name: "z", values: [], style: ChartStyle(2)),
      ])
    let bins = chart.bins
    #expect(abs(bins.shares[0].reduce(0, +) - 100) < 1e-9)
    // A far value counts in the last bin, and leaves room for the others.
    #expect(bins.shares[1].last == 100 && bins.edges.last! < 1000)
    #expect(bins.shares[2].allSatisfy { $0 == 0 })
    let one = HistogramChart(
      label: "a", axis: "score", groups: [.init(name: "x", values: [2, 2], style: ChartStyle(0))])
    #expect(one.bins.shares == [[100]] && !one.html.source.contains("nan"))
  }

  @Test func pointsCarryCards() {
    var chart = ScatterChart(
      label: "codes", axes: ["a", "b"],
      groups: [
        .init(name: "T-shirt", points: [.init(0, 0), .init(1, 1)]),
        .init(name: "<bag>", points: [.init(0.5, 0.2)]),
      ])
    chart.cards = [.init(point: .init(1, 1), text: "row 1, \"x\"")]
    chart.sprite = .init(
      picture: Picture(width: 2, height: 2, channels: 1, shade: 0), count: 1)
    let source = chart.html.source
    #expect(source.contains("<button type=\"button\" class=\"spot before\""))
    #expect(source.contains("aria-label=\"row 1, &quot;x&quot;\""))
    #expect(!source.contains("href"))
    chart.next = "after"
    #expect(
      chart.html.source.contains("href=\"#after\">Skip 1 point</a>")
        && chart.html.source.contains("<div id=\"after\">"))
    #expect(source.contains("--sprite:url(data:image/png;base64,"))
    #expect(source.contains("&lt;bag&gt;") && !source.contains("<bag>"))
  }

  @Test func largeImagesAreShrunk() {
    let grid = ImageGrid(shape: [4, 6, 1])
    let image = (0..<24).map(Float.init)
    let (small, values) = grid.shrunk(image, to: 3)
    #expect((small.height, small.width) == (2, 3))
    #expect(values == [3.5, 5.5, 7.5, 15.5, 17.5, 19.5])
    #expect(grid.shrunk(image, to: 6).images == image)
  }
}
