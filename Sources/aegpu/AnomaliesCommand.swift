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
      Writes a table in the order of the data: row, score (the mean reconstruction error of the network's \
      input, squared or, with --error absolute, absolute; higher is worse), anomalous (1 above the \
      threshold), the label if the data have labels, and the names of the worst features. For a \
      variational model trained on cross-entropy, the table also has negativeELBO.

      The threshold is computed from the scores of the training data: the fraction --contamination of \
      them is above it. --quantile sets it to that quantile of these scores, --threshold to a number.

      If the data have labels, ROC-AUC, average precision and precision at n measure how well the scores \
      find the examples with --anomalous-label. The same metrics are given for PCA with as many \
      components as the code has numbers (half the number of features, if the code is not smaller than \
      the input). They go to standard error, or to standard output if the table goes to a file; \
      --format json prints only them.

      If the run was trained on windows of a series, each row of the series has a score: its mean error \
      over the windows that contain it. Consecutive rows above the threshold are reported as ranges, and \
      a plot of the series is written to the run's images, or to --plot. --quantile 1 is the largest \
      score of the training rows.

        aegpu anomalies last --data new.csv --output scores.csv
        aegpu anomalies last --contamination 0.02 --format json
        aegpu anomalies runs/series --data new.csv --error absolute --quantile 1
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var about: ShownOptions
  @OptionGroup var memory: MemoryOption

  @Option(
    help: ArgumentHelp(
      "Fraction of anomalies in the training data. (default: 0.1)", valueName: "fraction"))
  var contamination: Double?

  @Option(help: ArgumentHelp("Score above which an example is anomalous.", valueName: "score"))
  var threshold: Double?

  @Option(
    help: ArgumentHelp(
      "Use this quantile of the training data's scores as the threshold.",
      valueName: "fraction"))
  var quantile: Double?

  @Option(help: "Error of a value: squared or absolute.")
  var error = ErrorMeasure.squared

  @Option(
    help: ArgumentHelp(
      "Plot of a series, a .png file. (default: images/anomalies.png in the run folder)",
      valueName: "file"))
  var plot: String?

  @Option(
    help: ArgumentHelp(
      "Label of the anomalies. (default: the rarer one, if there are two)", valueName: "label"))
  var anomalousLabel: String?

  @Option(
    help: ArgumentHelp(
      "Table to write; - is standard output. (default: -)", valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("Output format: csv (the table) or json (threshold and metrics)."))
  var format: AnomalyFormat?

  func validate() throws {
    guard [contamination, threshold, quantile].count(where: { $0 != nil }) < 2 else {
      throw ValidationError("expected one of --contamination, --threshold and --quantile")
    }
    if let contamination, !(contamination >= 0 && contamination <= 0.5) {
      throw ValidationError(
        "--contamination: expected a fraction from 0 to 0.5, received \(contamination)")
    }
    if let quantile, !(quantile >= 0 && quantile <= 1) {
      throw ValidationError("--quantile: expected a fraction from 0 to 1, received \(quantile)")
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
    let shown = try run.shown(about, streaming: memory.limit)
    guard shown.examples.windows == nil else { return try findInSeries(run, shown) }
    guard plot == nil else {
      throw Failure(
        "--plot: expected a run trained on windows of a series (data.window), received one trained on "
          + "single examples; leave --plot out")
    }
    // A given threshold needs no training data, but PCA does.
    let training =
      try threshold == nil || shown.labels != nil
      ? run.autoencoder.training(streaming: memory.limit).examples
      : nil
    let search = try run.autoencoder.search(shown, training: training, rule, error)
    let (scores, report) = try search.examples(
      anomalous(shown.examples.labels, shown.labelNames))
    complainOfNoPCA(report, training, areStored: shown.examples.stored != nil)
    try write(report, scores, run, shown)
  }

  /// The label of the anomalies, and which examples have it; `nil` if there are no labels, or if it is
  /// not known which one it is.
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
        "anomalies: the data do not have exactly two labels; name the label of the anomalies with "
          + "--anomalous-label")
    }
    return found
  }

  /// Says why the metrics of PCA are missing where those of the model are there.
  /// - Parameter areStored: whether the examples that are judged stay in their files.
  func complainOfNoPCA(
    _ report: AnomalyReport, _ training: Examples?, areStored: Bool = false
  ) {
    guard report.anomalousLabel != nil, report.pca == nil, let training else { return }
    guard training.stored == nil, !areStored else {
      return Program.complain(
        "anomalies: no comparison with PCA, as examples stay in their files")
    }
    Program.complain(
      "anomalies: no comparison with PCA: expected at least 2 features and more training examples than "
        + "components, received \(training.featureCount) features and \(training.count) training examples"
    )
  }

  /// Writes the JSON object, if it is asked for in place of the table.
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

  /// Prints threshold and metrics, in addition to the table.
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

/// Output formats of `anomalies`.
enum AnomalyFormat: String, ExpressibleByArgument {
  case csv, json
}
