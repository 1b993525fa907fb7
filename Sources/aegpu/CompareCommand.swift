import Analyses
import ArgumentParser
import Reports
import Training

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Shows trained runs side by side.",
    discussion: """
      Losses are those of the epoch whose weights the run kept, each named by what it is: a mean per \
      value or a sum per example, of squared errors or cross-entropy, with what is added. The lowest \
      is marked among runs whose losses are of one kind and of the same examples; others are not \
      ranked, and it is said why.

        aegpu compare runs/first runs/second
        aegpu compare runs/* --format json
      """)

  @Argument(help: "Folders of runs, weights or checkpoint files in them, or last; two at least.")
  var runs: [String]

  @Option(help: "How to print it: text or json.")
  var format = OutputFormat.text

  func validate() throws {
    guard runs.count > 1 else {
      throw ValidationError("expected two runs or more, received \(runs.count)")
    }
  }

  private struct Report: Encodable {
    struct Run: Encodable {
      let run: String
      let recipe: String
      let parameters: Int
      let data: String
      let device: String
      let epoch: Int
      let seconds: Double
      let lossIs: String
      let judgedBy: String
      let train: [String: Double]
      let validation: [String: Double]?
    }
    let runs: [Run]
    /// Those with the lowest validation loss of all that can be compared with them.
    let lowest: [String]
    let notRanked: [String]
  }

  func run() throws {
    let records = try runs.map { try RunRecord(SavedRun(named: $0)) }
    let conventions = records.map { LossConvention($0.saved.recipe.model).description }
    let comparison = RunComparison(
      zip(records, conventions).map { record, convention in
        RunComparison.Row(
          run: record.saved.folder, convention: convention, judgedBy: record.judgedBy,
          validation: record.validation?["loss"])
      })
    switch format {
    case .json: try Console.print(json(records, conventions, comparison))
    case .text: try Console.print(text(records, conventions, comparison))
    }
  }

  private func json(
    _ records: [RunRecord], _ conventions: [String], _ comparison: RunComparison
  ) throws -> String {
    try Report(
      runs: zip(records, conventions).map { record, convention in
        Report.Run(
          run: record.saved.folder, recipe: record.saved.recipe.name,
          parameters: record.saved.weights.layout.parameterCount, data: record.data,
          device: record.device, epoch: record.epoch, seconds: record.seconds, lossIs: convention,
          judgedBy: record.judgedBy, train: record.training, validation: record.validation)
      }, lowest: comparison.lowest.map { records[$0].saved.folder },
      notRanked: comparison.reasons
    ).jsonText()
  }

  private func text(
    _ records: [RunRecord], _ conventions: [String], _ comparison: RunComparison
  ) -> String {
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
    var lines = [table.description]
    if !comparison.lowest.isEmpty || !comparison.reasons.isEmpty { lines.append("") }
    if !comparison.lowest.isEmpty {
      lines.append("* the lowest of those whose losses can be compared")
    }
    return (lines + comparison.reasons).joined(separator: "\n")
  }
}
