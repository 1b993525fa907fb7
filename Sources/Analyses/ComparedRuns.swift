import Reports
import Training

/// Runs beside each other: what their losses are of, and which can be compared.
package struct ComparedRuns: Sendable {
  package let records: [RunRecord]
  /// What the loss of each is.
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

  /// A line to each run; the lowest of those that can be compared is marked.
  package var table: TextTable {
    var table = TextTable([
      .text("run"), .text("recipe"), .number("parameters"), .text("data"), .text("device"),
      .number("epoch"), .number("seconds"), .number("loss"), .number("validation"),
      .text("the loss is"),
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

  /// What the mark means, and why runs are not ranked.
  package var notes: [String] {
    (comparison.lowest.isEmpty ? [] : ["* the lowest of those whose losses can be compared"])
      + comparison.reasons
  }
}
