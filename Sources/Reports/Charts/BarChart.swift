/// Vertical bars side by side.
package struct BarChart: Chart, Hashable {
  package struct Bar: Hashable, Sendable {
    package let name: String
    package let value: Double

    package init(name: String, value: Double) { (self.name, self.value) = (name, value) }
  }

  package let label: String
  /// The names of the axes, with the unit of the height.
  package let axes: [String]
  package let bars: [Bar]

  package init(label: String, axes: [String], bars: [Bar]) {
    precondition(axes.count == 2 && !bars.isEmpty, "two axes and at least one bar are needed")
    (self.label, self.axes, self.bars) = (label, axes, bars)
  }

  /// The largest number of bars with names below.
  private static let mostNames = 24

  package var html: HTML {
    let frame = ChartFrame(
      x: ChartScale([-0.5, Double(bars.count) - 0.5], isTight: true),
      y: ChartScale(bars.map(\.value), includesZero: true), titles: (axes[0], axes[1]),
      showsTicks: false)
    let base = frame.place(y: 0)
    var pieces: [HTML] = []
    for (place, bar) in bars.enumerated() where bar.value.isFinite {
      let middle = frame.place(x: Double(place))
      let half = (frame.place(x: 0.5) - frame.place(x: -0.5)) * (bars.count > 60 ? 0.5 : 0.4)
      let height = frame.place(y: bar.value)
      pieces.append(
        SVG.rectangle(
          x: middle - half, y: min(height, base), width: 2 * half, height: abs(base - height),
          style: "bar s0", title: "\(bar.name): \(Numbers.loss(bar.value))"))
      if bars.count <= Self.mostNames {
        pieces.append(
          SVG.text(bar.name, x: middle, y: frame.ends.bottom + 16, anchor: "middle", style: "small")
        )
      }
    }
    return frame.svg(label: label, pieces)
  }
}
