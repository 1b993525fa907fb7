import Analyses
import Reports
import Training

/// The KL divergence of each unit of a variational code from its prior.
struct DivergenceChart {
  private let divergences: [Double]
  private let subject: String

  init(_ divergences: [Double], subject: String) {
    (self.divergences, self.subject) = (divergences, subject)
  }

  var html: HTML {
    let order = divergences.indices.sorted { divergences[$0] > divergences[$1] }
    let chart = BarChart(
      label: "KL divergence by unit of the code",
      axes: ["unit of the code", "KL, nats per example"],
      bars: order.map { .init(name: "\($0)", value: divergences[$0]) })
    return .figure(
      [chart.html],
      caption:
        "KL(q(z|x) ‖ p(z)) by unit, counted from 0, the largest first; total \(Numbers.loss(divergences.reduce(0, +))) nats per example: \(subject)."
    )
  }
}

/// One row of images per unit that is changed.
struct TraversalPictures {
  private let traversals: Traversals

  init(_ traversals: Traversals) { self.traversals = traversals }

  func pieces() throws -> [HTML] {
    let reach = Numbers.plain(traversals.reach)
    let items = try traversals.units.map { unit in
      let (small, images) = traversals.grid.shrunk(unit.images, to: 64)
      let count =
        unit.images.count
        / (traversals.grid.height * traversals.grid.width * traversals.grid.channels)
      return HTML.element(
        "li", [:],
        [
          try .image(
            small.strip(images, across: true),
            alternative:
              "Unit \(unit.unit) from −\(reach) to \(reach) standard deviations, \(count) images",
            scale: small.pageScale > 1 ? 2 : 1),
          "unit \(unit.unit), \(Numbers.loss(unit.divergence)) nats",
        ])
    }
    var caption =
      "One unit of the code changes at a time, from \(reach) standard deviations below its mean to \(reach) "
      + "above; the others have their means"
    if traversals.units.count < traversals.total {
      caption += "; the \(traversals.units.count) of \(traversals.total) units with the largest KL"
    }
    if let condition = traversals.condition { caption += "; for the class \(condition)" }
    return [
      .figure(
        [.element("ul", ["class": "pictures"], items)], caption: .text(caption + "."))
    ]
  }
}

/// The use of a codebook.
struct CodebookCharts {
  private let usage: CodeUsage
  private let epochs: [EpochReport]
  private let subject: String

  init(_ usage: CodeUsage, _ epochs: [EpochReport], subject: String) {
    (self.usage, self.epochs, self.subject) = (usage, epochs, subject)
  }

  var pieces: [HTML] {
    let total = Double(max(usage.counts.reduce(0, +), 1))
    let chart = BarChart(
      label: "Use of each codebook vector",
      axes: ["codebook vectors, the most used first", "fraction of all uses, %"],
      bars: usage.counts.enumerated().sorted { ($1.element, $0.offset) < ($0.element, $1.offset) }
        .map { .init(name: "code \($0.offset)", value: 100 * Double($0.element) / total) })
    var figures: [HTML] = [
      .figure(
        [chart.html],
        caption:
          "\(Numbers.grouped(usage.usedCount)) of \(Numbers.counted(usage.count, "codebook vector")) are used, with a perplexity of \(Numbers.loss(usage.perplexity)): \(subject)."
      )
    ]
    let lines = EpochLines.lines(epochs) { report in
      report.unweighted.first { $0.name == "perplexity" }?.value
    }
    if !lines.isEmpty {
      var chart = LineChart(
        label: "perplexity by epoch", axes: ["epoch", "perplexity of a batch"], lines: lines)
      chart.countsWhole = true
      figures.append(
        .figure(
          [chart.html], caption: "Perplexity of the codebook use in a batch, mean over each epoch.")
      )
    }
    return [.element("div", ["class": "figures"], figures)]
  }
}
