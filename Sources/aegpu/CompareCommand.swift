import Analyses
import ArgumentParser
import Reports
import Training

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Shows trained runs side by side.",
    discussion: """
      The losses are those of the epoch whose weights the run kept. Each loss is described: mean per \
      value or sum per example, squared error or cross-entropy, and the added terms. The lowest loss is \
      marked among the runs that have the same kind of loss and the same examples; for other runs the \
      command says why they are not ranked.

        aegpu compare runs/first runs/second
        aegpu compare runs/* --format json
      """)

  @Argument(
    help: "Run folders, weights or checkpoint files in them, or last; at least two.",
    completion: .runs)
  var runs: [String]

  @Option(help: "Output format: text or json.")
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
    let compared = ComparedRuns(try runs.map { try RunRecord(SavedRun(named: $0)) })
    switch format {
    case .json: try Console.print(json(compared))
    case .text:
      let notes = compared.notes
      let lines = [compared.table.description] + (notes.isEmpty ? [] : [""]) + notes
      try Console.print(lines.joined(separator: "\n"))
    }
  }

  private func json(_ compared: ComparedRuns) throws -> String {
    try Report(
      runs: zip(compared.records, compared.conventions).map { record, convention in
        Report.Run(
          run: record.saved.folder, recipe: record.saved.recipe.name,
          parameters: record.saved.weights.layout.parameterCount, data: record.data,
          device: record.device, epoch: record.epoch, seconds: record.seconds, lossIs: convention,
          judgedBy: record.judgedBy, train: record.training, validation: record.validation)
      }, lowest: compared.comparison.lowest.map { compared.records[$0].saved.folder },
      notRanked: compared.comparison.reasons
    ).jsonText()
  }
}
