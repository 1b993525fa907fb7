/// The distribution of values in several groups: the fraction of each group in bins of equal width.
package struct HistogramChart: Chart, Hashable {
  package struct Group: Hashable, Sendable {
    package let name: String
    package let values: [Double]
    package let style: ChartStyle

    package init(name: String, values: [Double], style: ChartStyle) {
      (self.name, self.values, self.style) = (name, values, style)
    }
  }

  package let label: String
  /// The title of the value axis, with the unit.
  package let axis: String
  package let groups: [Group]
  /// A marked value, and its name.
  package var limit: LineChart.Level?

  package init(label: String, axis: String, groups: [Group]) {
    (self.label, self.axis, self.groups) = (label, axis, groups)
  }

  private static let binCount = 40

  /// The edges of the bins, and the percentage of each group in each bin.
  package var bins: (edges: [Double], shares: [[Double]]) {
    let all = groups.flatMap(\.values).filter(\.isFinite).sorted()
    guard let least = all.first, let most = all.last, least < most else {
      let value = all.first ?? 0
      return ([value - 0.5, value + 0.5], groups.map { [$0.values.isEmpty ? 0 : 100] })
    }
    // A few outliers would put all other values into one bin: they are counted in the last bin.
    let high = min(most, max(all[Int(0.99 * Double(all.count - 1))] * 1.3, limit?.value ?? least))
    let width = ((high > least ? high : most) - least) / Double(Self.binCount)
    let edges = (0...Self.binCount).map { least + width * Double($0) }
    let shares = groups.map { group in
      var counts = [Double](repeating: 0, count: Self.binCount)
      let finite = group.values.filter(\.isFinite)
      for value in finite {
        counts[min(Int((value - least) / width), Self.binCount - 1)] += 1
      }
      return counts.map { 100 * $0 / Double(max(finite.count, 1)) }
    }
    return (edges, shares)
  }

  package var html: HTML {
    let (edges, shares) = bins
    let frame = ChartFrame(
      x: ChartScale(edges, isTight: true),
      y: ChartScale(shares.flatMap { $0 }, includesZero: true),
      titles: (axis, "fraction of \(groups.count > 1 ? "each group" : groups[0].name), %"))
    var pieces = zip(groups, shares).map { group, shares in
      var path = "M\(SVG.number(frame.place(x: edges[0]))) \(SVG.number(frame.ends.bottom))"
      for (place, share) in shares.enumerated() {
        path +=
          "V\(SVG.number(frame.place(y: share)))H\(SVG.number(frame.place(x: edges[place + 1])))"
      }
      return SVG.path(
        path + "V\(SVG.number(frame.ends.bottom))", style: "area \(group.style.name)",
        title: group.name)
    }
    if let limit, limit.value >= edges[0], limit.value <= edges[edges.count - 1] {
      let place = frame.place(x: limit.value)
      pieces.append(SVG.line(place, frame.ends.top, place, frame.ends.bottom, style: "level"))
    }
    let legend = ChartLegend(
      entries: groups.map { .init(name: $0.name, style: $0.style) },
      signs: limit.map { [($0.name, "level")] } ?? [])
    let isAlone = groups.count == 1 && limit == nil
    return .joined([frame.svg(label: label, pieces), isAlone ? "" : legend.html])
  }
}
