import Layers
import Reports
import Training

/// Losses by epoch: the loss and, if there are several, each of its parts.
struct LossCharts {
  private let epochs: [EpochReport]
  private let model: Model
  /// The validation examples, for display.
  private let judgedOn: String

  init(_ epochs: [EpochReport], _ model: Model, judgedOn: String) {
    (self.epochs, self.model, self.judgedOn) = (epochs, model, judgedOn)
  }

  var pieces: [HTML] {
    guard !epochs.isEmpty else { return [PageText.missing("No epoch is recorded.")] }
    var charts = [figure("loss", LossUnit.text(model)) { $0.loss }]
    let parts = epochs[0].training.parts.map(\.name)
    if parts.count > 1 {
      // Losses of later phases are not parts of the loss, which is that of the first phase.
      let phases = Set(model.phases.dropFirst().map(\.name))
      charts += parts.map { name in
        figure(name, phases.contains(name) ? "loss of this phase" : "weighted part of the loss") {
          report in
          report.parts.first { $0.name == name }?.value
        }
      }
    }
    for measure in epochs[0].training.unweighted.map(\.name) where measure != "perplexity" {
      charts.append(
        figure(measure, measure == "klNats" ? "nats" : "") { report in
          report.unweighted.first { $0.name == measure }?.value
        })
    }
    return [.element("div", ["class": "figures"], charts)]
  }

  private func figure(
    _ name: String, _ unit: String, _ value: (LossReport) -> Double?
  ) -> HTML {
    let title = unit.isEmpty ? name : "\(name), \(unit)"
    var chart = LineChart(
      label: "\(name) by epoch", axes: ["epoch", title],
      lines: EpochLines.lines(epochs, value))
    chart.countsWhole = true
    var caption =
      "\(name) after each epoch, in training and in validation (\(judgedOn))."
    if !epochs.contains(where: { $0.validation != nil }) {
      caption = "\(name) after each epoch, in training; there is no validation."
    }
    if name == "loss", let best = EpochLines.best(epochs) {
      chart.marks = [.init(name: "best epoch, \(best.epoch)", point: best.point)]
      caption += " The best epoch is \(best.epoch), with \(Numbers.loss(best.point.y))."
    }
    return .figure([chart.html], caption: .text(caption))
  }
}

/// Lines for training and validation.
enum EpochLines {
  static func lines(
    _ epochs: [EpochReport], _ value: (LossReport) -> Double?
  ) -> [LineChart.Line] {
    func line(_ name: String, _ style: Int, _ report: (EpochReport) -> LossReport?)
      -> LineChart.Line?
    {
      let points = epochs.compactMap { epoch in
        report(epoch).flatMap(value).map { LineChart.Point(Double(epoch.epoch), $0) }
      }
      guard !points.isEmpty else { return nil }
      return LineChart.Line(
        name: name, points: points, style: ChartStyle(style), isDashed: style == 0)
    }
    return [line("training", 0) { $0.training }, line("validation", 1) { $0.validation }]
      .compactMap(\.self)
  }

  /// The epoch with the lowest validation loss, or training loss without validation.
  static func best(_ epochs: [EpochReport]) -> (epoch: Int, point: LineChart.Point)? {
    func loss(_ epoch: EpochReport) -> Double { epoch.validation?.loss ?? epoch.training.loss }
    let judged = epochs.filter { $0.validation != nil }
    return (judged.isEmpty ? epochs : judged).filter { loss($0).isFinite }
      .min { loss($0) < loss($1) }
      .map { ($0.epoch, LineChart.Point(Double($0.epoch), loss($0))) }
  }
}

/// The unit of a model's loss.
enum LossUnit {
  static func text(_ model: Model) -> String {
    let error =
      switch model.loss.reconstruction {
      case .squaredError: "squared error"
      case .binaryCrossEntropy, .binaryCrossEntropyWithLogits: "nats"
      }
    return "\(error) per \(model.loss.reduction == .mean ? "value" : "example")"
  }
}
