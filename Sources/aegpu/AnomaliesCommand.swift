import Analyses
import ArgumentParser
import Datasets
import Reports
import Training

struct AnomaliesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "anomalies",
    abstract: "Scores examples by how badly a trained model reconstructs them.",
    discussion: """
      Writes a table in the order of the data: row, score (the mean squared error of what the network \
      sees; higher is worse), anomalous (1 above the threshold), the label where there is one, and the \
      worst features by name. A variational model trained on cross-entropy adds negativeELBO.

      The threshold comes from the scores of the data that trained: the share --contamination of them \
      lies above it; or it is their quantile --quantile, or --threshold itself.

      Where the data have labels, ROC-AUC, average precision and precision at n say how well the scores \
      find the examples with --anomalous-label, beside those of PCA with as many components as the \
      code has numbers (half as many as there are features, where the code has no fewer). They are told \
      on standard error, or on standard output where the table goes to a file; --format json prints \
      them alone.

        aegpu anomalies last --data new.csv --output scores.csv
        aegpu anomalies last --contamination 0.02 --format json
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var about: ShownOptions

  @Option(
    help: ArgumentHelp(
      "The share of anomalies among the data that trained. (default: 0.1)", valueName: "share"))
  var contamination: Double?

  @Option(help: ArgumentHelp("The score above which an example is anomalous.", valueName: "score"))
  var threshold: Double?

  @Option(
    help: ArgumentHelp(
      "The quantile of the scores of the data that trained that is the threshold.",
      valueName: "share"))
  var quantile: Double?

  @Option(
    help: ArgumentHelp(
      "The label that means an anomaly. (default: the rarer of two)", valueName: "label"))
  var anomalousLabel: String?

  @Option(
    help: ArgumentHelp(
      "The table to write; - is standard output. (default: -)", valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("csv, the table; or json, one object of what was found."))
  var format: AnomalyFormat?

  func validate() throws {
    guard [contamination, threshold, quantile].count(where: { $0 != nil }) < 2 else {
      throw ValidationError("expected one of --contamination, --threshold and --quantile")
    }
    if let contamination, !(contamination >= 0 && contamination <= 0.5) {
      throw ValidationError(
        "--contamination: expected a share from 0 to 0.5, received \(contamination)")
    }
    if let quantile, !(quantile >= 0 && quantile <= 1) {
      throw ValidationError("--quantile: expected a share from 0 to 1, received \(quantile)")
    }
    if let threshold, !threshold.isFinite {
      throw ValidationError("--threshold: expected a finite number, received \(threshold)")
    }
  }

  private var rule: AnomalyThreshold {
    if let threshold { return .score(threshold) }
    if let quantile { return .quantile(quantile) }
    return contamination.map { .contamination($0) } ?? .usual
  }

  func run() throws {
    let run = try OpenRun(options)
    let shown = try run.shown(about)
    // A given threshold needs no training data, but PCA does.
    let training = try threshold == nil || shown.labels != nil ? run.training().examples : nil
    let model = try run.model(shown: shown.examples, training: training)
    let scores = try model.scores(of: .validation)
    let limit = try rule.value(among: model.scores(of: .training, worstCount: 0).map(\.score))
    try Self.expectFinite(scores, limit)
    var report = AnomalyReport(
      run.subject(shown), examples: scores.count, threshold: limit, rule: rule,
      anomalies: scores.count { $0.score > limit })
    if let labels = shown.examples.labels {
      let wanted = anomalousLabel.map { AnomalousLabel.named($0) } ?? .rarer
      if let (name, isAnomalous) = try wanted.find(in: labels, names: shown.labelNames) {
        try rank(scores, isAnomalous, name, in: &report, model, training!, shown.examples)
      } else {
        Program.complain(
          "anomalies: the data have other than two labels; --anomalous-label says which one means an "
            + "anomaly")
      }
    } else if anomalousLabel != nil {
      throw Failure("--anomalous-label: expected data with labels, received none")
    }
    try write(report, scores, limit, run, shown)
  }

  private func rank(
    _ scores: [ExampleScore], _ isAnomalous: [Bool], _ name: String, in report: inout AnomalyReport,
    _ model: TrainedModel, _ training: Examples, _ shown: Examples
  ) throws {
    report.note(
      AnomalyRanking(scores: scores.map(\.score), isAnomalous: isAnomalous), label: name)
    if scores.allSatisfy({ $0.negativeELBO?.isFinite == true }) {
      report.elbo = AnomalyReport.Ranking(
        AnomalyRanking(scores: scores.map { $0.negativeELBO! }, isAnomalous: isAnomalous))
    }
    if let (others, components) = try model.principalScores(training: training, shown: shown) {
      report.pca = AnomalyReport.Ranking(
        AnomalyRanking(scores: others, isAnomalous: isAnomalous), components: components)
    } else {
      Program.complain(
        "anomalies: no PCA beside it: that takes 2 features and more training examples than components, "
          + "received \(training.featureCount) features and \(training.count) training examples")
    }
  }

  private func write(
    _ report: AnomalyReport, _ scores: [ExampleScore], _ limit: Double, _ run: OpenRun,
    _ shown: ShownExamples
  ) throws {
    let path = output ?? "-"
    if format == .json || format == nil && ArrayForm(endingOf: path) == .json {
      let file = try OutputFile(path)
      try file.write(try report.jsonText() + "\n")
      try file.finish()
      return
    }
    let names = run.facts(of: shown).names
    let hasBounds = scores.first?.negativeELBO != nil
    let columns =
      ["row", "score", "anomalous"] + (shown.labels == nil ? [] : ["label"]) + ["worst"]
      + (hasBounds ? ["negativeELBO"] : [])
    let table = try CSVWriter(path, columns: columns)
    for (row, score) in scores.enumerated() {
      var fields: [CSVWriter.Field] = [
        .integer(row), .double(score.score), .integer(score.score > limit ? 1 : 0),
      ]
      if let labels = shown.labels { fields.append(.text(labels[row])) }
      fields.append(.text(score.worst.map { names[$0] }.joined(separator: ";")))
      if hasBounds { fields.append(score.negativeELBO.map { .double($0) } ?? .none) }
      try table.write(fields)
    }
    try table.finish()
    if path == "-" {
      Program.complain("anomalies: \(report.text)")
    } else {
      try Console.print(report.text)
    }
  }

  private static func expectFinite(_ scores: [ExampleScore], _ limit: Double) throws {
    guard let row = scores.firstIndex(where: { !$0.score.isFinite }) ?? (limit.isFinite ? nil : -1)
    else { return }
    throw Failure(
      "anomalies: expected finite scores, received one that is not "
        + (row < 0 ? "of the data that trained" : "in row \(row)")
        + "; look at the data and at the "
        + "run's losses")
  }
}

/// How `anomalies` answers.
enum AnomalyFormat: String, ExpressibleByArgument {
  case csv, json
}
