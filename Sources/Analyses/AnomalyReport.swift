import Reports

/// What a search for anomalies found: what `aegpu anomalies` says beside its table. A number without
/// a meaning there is `nil`, and no key of the JSON object.
package struct AnomalyReport: Encodable, Hashable, Sendable {
  /// How well scores rank the examples whose label means an anomaly.
  package struct Ranking: Encodable, Hashable, Sendable {
    package var rocAUC: Double
    package var averagePrecision: Double
    package var precisionAtN: Double
    /// Principal components, where it is their ranking.
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
  /// The share of anomalies that is expected in the data that trained, where that made the threshold.
  package var contamination: Double?
  /// Examples whose score is above the threshold.
  package var anomalies: Int
  /// What is found in a series, whose rows are then what is counted.
  package var series: Series?
  /// The label that means an anomaly.
  package var anomalousLabel: String?
  package var rocAUC: Double?
  package var averagePrecision: Double?
  package var precisionAtN: Double?
  /// The same of −ELBO.
  package var elbo: Ranking?
  /// The same of principal components.
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

  /// Takes over how well the model's own scores rank.
  package mutating func note(_ ranking: AnomalyRanking?, label: String) {
    anomalousLabel = label
    rocAUC = ranking?.rocAUC
    averagePrecision = ranking?.averagePrecision
    precisionAtN = ranking?.precisionAtN
  }

  /// For a person: the share of anomalies, and a table of who ranks how well.
  package var text: String {
    var lines = [
      "\(Numbers.grouped(anomalies)) of \(Numbers.grouped(examples)) "
        + "\(series == nil ? "examples" : "rows") score above \(Numbers.loss(threshold))"
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
