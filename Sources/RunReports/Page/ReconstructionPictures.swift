import Analyses
import Foundation
import Reports

/// The worst and the best reconstructions.
struct ReconstructionPictures {
  private let found: Reconstructions
  /// The meaning of an example's error.
  private let unit: String
  private let subject: String

  init(_ found: Reconstructions, unit: String, subject: String) {
    (self.found, self.unit, self.subject) = (found, unit, subject)
  }

  func pieces() throws -> [HTML] {
    var pieces: [HTML] = [
      .paragraph("The worst and the best of \(subject). The number is the \(unit).")
    ]
    for (name, examples) in [("worst", found.worst), ("best", found.best)] where !examples.isEmpty {
      switch found.kind {
      case .images(let grid):
        let rows =
          examples[0].corrupted == nil
          ? "original above reconstruction" : "original, network's input, reconstruction"
        let list = HTML.element(
          "ul", ["class": "pictures small"], try examples.map { try item($0, grid, name) })
        pieces.append(
          .figure([list], caption: "The \(name), each from top to bottom: \(rows)."))
      case .windows(let columns):
        pieces.append(
          .element("div", ["class": "figures"], examples.map { window($0, columns, name) }))
      case .rows: pieces.append(table(examples, name))
      }
    }
    pieces.append(.element("div", ["class": "figures"], [spread]))
    return pieces
  }

  private func item(
    _ example: Reconstructions.Example, _ grid: ImageGrid, _ end: String
  ) throws -> HTML {
    let stack = [example.original, example.corrupted, example.reconstruction].compactMap(\.self)
    let (small, images) = grid.shrunk(stack.flatMap { $0 }, to: 128)
    let picture = small.strip(images, across: false)
    return .element(
      "li", [:],
      [
        try .image(
          picture, alternative: "\(example.name): original and reconstruction, among the \(end)",
          scale: small.pageScale),
        .text(example.name), .element("br"), "\(Numbers.loss(example.error))",
      ])
  }

  /// A window of a series, its first columns.
  private func window(
    _ example: Reconstructions.Example, _ columns: [String], _ end: String
  ) -> HTML {
    let shown = min(columns.count, 3)
    let lines = (0..<shown).flatMap { column -> [LineChart.Line] in
      func points(_ values: [Float]) -> [LineChart.Point] {
        stride(from: column, to: values.count, by: columns.count).enumerated().map {
          LineChart.Point(Double($0), Double(values[$1]))
        }
      }
      return [
        LineChart.Line(
          name: columns[column], points: points(example.original), style: ChartStyle(2 * column)),
        LineChart.Line(
          name: "\(columns[column]), reconstructed", points: points(example.reconstruction),
          style: ChartStyle(2 * column + 1), isDashed: true),
      ]
    }
    let chart = LineChart(
      label: "\(example.name) and its reconstruction",
      axes: ["row of the window", "value, data's units"],
      lines: lines)
    let more =
      columns.count > shown ? " Shown are the first \(shown) of \(columns.count) columns." : ""
    return .figure(
      [chart.html],
      caption: "\(example.name), among the \(end): \(Numbers.loss(example.error)).\(more)")
  }

  /// Rows of a table: the values with the largest errors.
  private func table(_ examples: [Reconstructions.Example], _ end: String) -> HTML {
    var table = TextTable([
      .text("example"), .number("error"),
      .text("values with the largest errors: original → reconstruction"),
    ])
    for example in examples {
      let worst = WorstFeature.of(example.original[...], example.reconstruction[...], count: 3)
      let texts = worst.map { feature in
        "\(found.names[feature.index]) \(Numbers.short(Double(example.original[feature.index]))) → "
          + Numbers.short(Double(example.reconstruction[feature.index]))
      }
      table.append([example.name, Numbers.loss(example.error), texts.joined(separator: "; ")])
    }
    return .table(table, caption: "The \(end); the error is the \(unit)")
  }

  private var spread: HTML {
    let chart = HistogramChart(
      label: "Distribution of the examples' errors",
      axis: "mean squared error of an example",
      groups: [.init(name: "examples", values: found.errors, style: ChartStyle(0))])
    return .figure(
      [chart.html], caption: "Distribution of the errors, each the \(unit): \(subject).")
  }
}
