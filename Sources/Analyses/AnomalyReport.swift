import Reports

/// The result of a search for anomalies, as `aegpu anomalies` prints it. A number that does not
/// apply is `nil`, and not in the JSON object.
package struct AnomalyReport: Encodable, Hashable, Sendable {
  /// How well scores rank the anomalous examples.
  package struct Ranking: Encodable, Hashable, Sendable {
    package var rocAUC: Double
    package var averagePrecision: Double
    package var precisionAtN: Double
    /// The number of principal components, for PCA.
    package var components: Int?

    package init?(_ ranking: AnomalyRanking?, components: Int? = nil) {
      guard let ranking else { return nil }
      rocAUC = ranking.rocAUC
      averagePrecision = ranking.averagePrecision
      precisionAtN = ranking.precisionAtN
      self.components = components
    }
  }

  package var run: String
  package var data: String
  package var split: String
  package var examples: Int
  package var threshold: Double
  /// The expected fraction of anomalies in the training data, if it determined the threshold.
  package var contamination: Double?
  /// Examples with scores above the threshold.
  package var anomalies: Int
  /// Further results for a series, whose rows are then counted.
  package var series: Series?
  /// The label of the anomalies.
  package var anomalousLabel: String?
  package var rocAUC: Double?
  package var averagePrecision: Double?
  package var precisionAtN: Double?
  /// The same for −ELBO.
  package var elbo: Ranking?
  /// The same for PCA.
  package var pca: Ranking?

  package init(
    _ subject: Subject, examples: Int, threshold: Double, rule: AnomalyThreshold, anomalies: Int
  ) {
    run = subject.run
    data = subject.data
    split = subject.split
    self.examples = examples
    self.threshold = threshold
    if case .contamination(let share) = rule { contamination = share }
    self.anomalies = anomalies
  }

  /// Adds the ranking of the model's scores.
  package mutating func note(_ ranking: AnomalyRanking?, label: String) {
    anomalousLabel = label
    rocAUC = ranking?.rocAUC
    averagePrecision = ranking?.averagePrecision
    precisionAtN = ranking?.precisionAtN
  }

  /// For the user: the number of anomalies, and a table of the rankings.
  package var text: String {
    var lines = [
      "\(Numbers.grouped(anomalies)) of \(Numbers.grouped(examples)) "
        + "\(series == nil ? "examples" : "rows") have scores above \(Numbers.loss(threshold))"
    ]
    lines += series?.lines ?? []
    guard let rocAUC, let averagePrecision, let precisionAtN, let anomalousLabel else {
      return lines.joined(separator: "\n")
    }
    var table = TextTable([
      .text("score"), .number("ROC-AUC"), .number("average precision"), .number("precision at n"),
    ])
    func row(_ name: String, _ numbers: [Double]) {
      table.append([name] + numbers.map(Numbers.loss))
    }
    row("reconstruction error", [rocAUC, averagePrecision, precisionAtN])
    if let elbo { row("−ELBO", [elbo.rocAUC, elbo.averagePrecision, elbo.precisionAtN]) }
    if let pca {
      row(
        "PCA, \(Numbers.counted(pca.components ?? 0, "component"))",
        [pca.rocAUC, pca.averagePrecision, pca.precisionAtN])
    }
    lines.append("")
    lines.append(table.description)
    lines.append("")
    lines.append(
      "anomalies are the \(series == nil ? "examples" : "rows") with label \(anomalousLabel)")
    return lines.joined(separator: "\n")
  }
}
