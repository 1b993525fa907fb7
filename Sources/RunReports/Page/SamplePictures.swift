import Reports

/// New examples, as images, as lines or as rows of a table.
struct SamplePictures {
  private let samples: Samples

  init(_ samples: Samples) { self.samples = samples }

  func pieces() throws -> [HTML] {
    let size = samples.values.count / samples.count
    let caption: HTML = "Decoded from codes drawn from \(samples.source)."
    func values(_ index: Int) -> [Float] {
      Array(samples.values[index * size..<(index + 1) * size])
    }
    switch samples.kind {
    case .images(let grid):
      let (small, images) = grid.shrunk(samples.values, to: 96)
      var sheet = small
      (sheet.columns, sheet.scale, sheet.margin, sheet.gap) = (8, small.pageScale > 1 ? 2 : 1, 0, 4)
      sheet.background = ImageGrid.pageGround
      let picture = sheet.samples(images)
      return [
        .figure(
          [try .image(picture, alternative: "\(samples.count) samples of the model")],
          caption: caption)
      ]
    case .windows(let columns):
      let charts = (0..<samples.count).map { index in
        let own = values(index)
        let chart = LineChart(
          label: "sample \(index + 1)", axes: ["row of the window", "value, data's units"],
          lines: columns.indices.prefix(6).map { column in
            LineChart.Line(
              name: columns[column],
              points: stride(from: column, to: own.count, by: columns.count).enumerated().map {
                LineChart.Point(Double($0), Double(own[$1]))
              }, style: ChartStyle(column))
          })
        return HTML.figure([chart.html], caption: "Sample \(index + 1). \(caption)")
      }
      return [.element("div", ["class": "figures"], charts)]
    case .rows:
      let shown = min(samples.names.count, 12)
      var table = TextTable(
        [.text("sample")] + samples.names.prefix(shown).map { .number($0) })
      for index in 0..<samples.count {
        table.append(
          ["\(index + 1)"] + values(index).prefix(shown).map { Numbers.short(Double($0)) })
      }
      let more =
        samples.names.count > shown
        ? " Shown are the first \(shown) of \(samples.names.count) values." : ""
      return [
        .table(
          table,
          caption:
            "\(samples.count) rows in the data's units, decoded from codes drawn from \(samples.source).\(more)"
        )
      ]
    }
  }
}

extension ImageGrid {
  /// Images side by side or above each other, separated by a line, in their own size.
  func strip(_ images: [Float], across: Bool) -> Picture {
    var grid = self
    (grid.scale, grid.margin, grid.gap, grid.background) = (1, 0, 1, Self.pageGround)
    grid.columns = across ? images.count / (height * width * channels) : 1
    return grid.samples(images)
  }

  /// A shade that contrasts with light and dark pages.
  static let pageGround: UInt8 = 128

  /// The factor by which small images are enlarged in the page.
  var pageScale: Int { max(84 / max(height, width), 1) }
}
