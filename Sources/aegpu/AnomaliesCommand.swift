import AEGPU
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
      Writes a table in the order of the data: row, score (the mean --error of what the network sees, \
      squared unless it is absolute; higher is worse), anomalous (1 above the threshold), the label where there is one, and the \
      worst features by name. A variational model trained on cross-entropy adds negativeELBO.

      The threshold comes from the scores of the data that trained: the share --contamination of them \
      lies above it; or it is their quantile --quantile, or --threshold itself.

      Where the data have labels, ROC-AUC, average precision and precision at n say how well the scores \
      find the examples with --anomalous-label, beside those of PCA with as many components as the \
      code has numbers (half as many as there are features, where the code has no fewer). They are told \
      on standard error, or on standard output where the table goes to a file; --format json prints \
      them alone.

      Where the run's examples are windows of a series, each row of the series has a score: the mean, \
      over the windows that cover it, of its error. Runs of rows above the threshold are told as ranges, \
      and a plot of the series goes into the run's images, or to --plot. --quantile 1 is the largest \
      score of the rows that trained.

        aegpu anomalies last --data new.csv --output scores.csv
        aegpu anomalies last --contamination 0.02 --format json
        aegpu anomalies runs/series --data new.csv --error absolute --quantile 1
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

  @Option(help: "The error of a value: squared or absolute.")
  var error = ErrorMeasure.squared

  @Option(
    help: ArgumentHelp(
      "The plot of a series, a .png. (default: images/anomalies.png in the run)",
      valueName: "file"))
  var plot: String?

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

  var rule: AnomalyThreshold {
    if let threshold { return .score(threshold) }
    if let quantile { return .quantile(quantile) }
    return contamination.map { .contamination($0) } ?? .usual
  }

  func run() throws {
    let run = try OpenRun(options)
    let shown = try run.shown(about)
    guard shown.examples.windows == nil else { return try findInSeries(run, shown) }
    guard plot == nil else {
      throw Failure(
        "--plot: expected a run on windows of a series (data.window), received one on examples; leave "
          + "--plot out")
    }
    // A given threshold needs no training data, but PCA does.
    let training =
      try threshold == nil || shown.labels != nil ? run.autoencoder.training().examples : nil
    let search = try run.autoencoder.search(shown, training: training, rule, error)
    let (scores, report) = try search.examples(
      anomalous(shown.examples.labels, shown.labelNames))
    complainOfNoPCA(report, training)
    try write(report, scores, run, shown)
  }

  /// The label that means an anomaly and which have it; `nil` where there are no labels, or none is
  /// known to mean that.
  func anomalous(
    _ labels: [Int32]?, _ names: [String]?
  ) throws -> (name: String, isAnomalous: [Bool])? {
    guard let labels else {
      guard anomalousLabel == nil else {
        throw Failure("--anomalous-label: expected data with labels, received none")
      }
      return nil
    }
    let wanted = anomalousLabel.map { AnomalousLabel.named($0) } ?? .rarer
    let found = try wanted.find(in: labels, names: names)
    if found == nil {
      Program.complain(
        "anomalies: the data have other than two labels; --anomalous-label says which one means an "
          + "anomaly")
    }
    return found
  }

  /// Says why there is a ranking and none of principal components beside it.
  func complainOfNoPCA(_ report: AnomalyReport, _ training: Examples?) {
    guard report.anomalousLabel != nil, report.pca == nil, let training else { return }
    Program.complain(
      "anomalies: no PCA beside it: that takes 2 features and more training examples than components, "
        + "received \(training.featureCount) features and \(training.count) training examples")
  }

  /// Writes the object of what was found, where that is wanted and not the table.
  func writeObject(_ report: AnomalyReport) throws -> Bool {
    let path = output ?? "-"
    guard format == .json || format == nil && ArrayForm(endingOf: path) == .json else {
      return false
    }
    let file = try OutputFile(path)
    try file.write(try report.jsonText() + "\n")
    try file.finish()
    return true
  }

  /// Says what was found, beside the table.
  func tell(_ report: AnomalyReport) throws {
    if output ?? "-" == "-" {
      Program.complain("anomalies: \(report.text)")
    } else {
      try Console.print(report.text)
    }
  }

  private func write(
    _ report: AnomalyReport, _ scores: [ExampleScore], _ run: OpenRun, _ shown: ShownExamples
  ) throws {
    if try writeObject(report) { return }
    let names = run.autoencoder.facts(of: shown).names
    let hasBounds = scores.first?.negativeELBO != nil
    let columns =
      ["row", "score", "anomalous"] + (shown.labels == nil ? [] : ["label"]) + ["worst"]
      + (hasBounds ? ["negativeELBO"] : [])
    let table = try CSVWriter(output ?? "-", columns: columns)
    for (row, score) in scores.enumerated() {
      var fields: [CSVWriter.Field] = [
        .integer(row), .double(score.score), .integer(score.score > report.threshold ? 1 : 0),
      ]
      if let labels = shown.labels { fields.append(.text(labels[row])) }
      fields.append(.text(score.worst.map { names[$0] }.joined(separator: ";")))
      if hasBounds { fields.append(score.negativeELBO.map { .double($0) } ?? .none) }
      try table.write(fields)
    }
    try table.finish()
    try tell(report)
  }
}

extension ErrorMeasure: ExpressibleByArgument {}

/// How `anomalies` answers.
enum AnomalyFormat: String, ExpressibleByArgument {
  case csv, json
}
