import Analyses
import Reports
import Training

/// The losses of the epoch whose weights the run kept.
struct LossTable {
  private let run: RunReport

  init(_ run: RunReport) { self.run = run }

  var html: HTML {
    let (training, validation) = (run.record.training, run.record.validation)
    var table = TextTable(
      [.text("loss"), .number("training")]
        + (validation == nil ? [] : [.number("validation")]))
    let others = training.keys.filter { $0 != "loss" }.sorted()
    for name in ["loss"] + (others.count > 1 ? others : []) {
      table.append(
        [name, training[name].map(Numbers.loss) ?? ""]
          + (validation.map { [$0[name].map(Numbers.loss) ?? ""] } ?? []))
    }
    let unit = "\(LossConvention(run.recipe.model)) (\(LossUnit.text(run.recipe.model)))"
    let judge = validation == nil ? "no validation" : "validation on \(run.record.judgedOn)"
    return .table(
      table,
      caption:
        "Losses of epoch \(run.record.epoch), measured during training: \(unit); \(judge)")
  }
}
