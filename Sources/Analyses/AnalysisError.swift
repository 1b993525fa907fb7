/// An error in the analysis of a model's codes and errors.
package enum AnalysisError: Error, Hashable, Sendable {
  case fewCodes(count: Int, components: Int)
  case codesNotFinite
  case noAxes(status: Int)
  case unknownLabel(String, known: [String])
  /// `row` is `nil` for a score of the training data.
  case scoresNotFinite(row: Int?)
}

extension AnalysisError: CustomStringConvertible {
  /// One sentence: what was expected, what was received, what to do.
  package var description: String {
    switch self {
    case .fewCodes(let count, let components):
      "mixture: expected at least \(components) codes for \(components) components, received "
        + "\(count); use fewer components"
    case .codesNotFinite:
      "mixture: expected finite codes, received some that are not finite; check the model's codes "
        + "with encode"
    case .noAxes(let status):
      "mixture: expected codes with a valid covariance, received LAPACK's dsyevd "
        + "status \(status); use fewer components"
    case .unknownLabel(let label, let known):
      "label: expected one of \(known.joined(separator: ", ")), received \(label)"
    case .scoresNotFinite(let row):
      "anomalies: expected finite scores, received one that is not finite "
        + (row.map { "in row \($0)" } ?? "in the training data")
        + "; check the data and the run's losses"
    }
  }
}
