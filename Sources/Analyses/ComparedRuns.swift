import Reports
import Training

/// Several runs: their losses, and which losses can be compared.
package struct ComparedRuns: Sendable {
  package let records: [RunRecord]
  /// The kind of loss of each run.
  package let conventions: [String]
  package let comparison: RunComparison

  package init(_ records: [RunRecord]) {
    self.records = records
    conventions = records.map { LossConvention($0.saved.recipe.model).description }
    comparison = RunComparison(
      zip(records, conventions).map { record, convention in
        RunComparison.Row(
          run: record.saved.folder, convention: convention, judgedBy: record.judgedBy,
          validation: record.validation?["loss"])
      })
  }

  /// One line per run; the lowest of the comparable losses is marked.
  package var table: TextTable {
    var table = TextTable([
      .text("run"), .text("recipe"), .number("parameters"), .text("data"), .text("device"),
      .number("epoch"), .number("seconds"), .number("loss"), .number("validation"),
      .text("loss"),
    ])
    for (place, record) in records.enumerated() {
      let validation = record.validation?["loss"].map(Numbers.loss) ?? ""
      table.append([
        record.saved.folder, record.saved.recipe.name,
        Numbers.grouped(record.saved.weights.layout.parameterCount), record.data, record.device,
        "\(record.epoch)", Numbers.short(record.seconds),
        record.training["loss"].map(Numbers.loss) ?? "",
        (comparison.lowest.contains(place) ? "* " : "") + validation, conventions[place],
      ])
    }
    return table
  }

  /// The meaning of the mark, and why runs are not ranked.
  package var notes: [String] {
    (comparison.lowest.isEmpty ? [] : ["* lowest of the comparable losses"])
      + comparison.reasons
  }
}
