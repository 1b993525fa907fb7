/// What can go wrong when a model's codes and errors are looked at.
package enum AnalysisError: Error, Hashable, Sendable {
  case fewCodes(count: Int, components: Int)
  case codesNotFinite
  case noAxes(status: Int)
  case unknownLabel(String, known: [String])
  /// `row` is `nil` where it is a score of the data that trained.
  case scoresNotFinite(row: Int?)
}

extension AnalysisError: CustomStringConvertible {
  /// One sentence: what was expected, what was received, what to do.
  package var description: String {
    switch self {
    case .fewCodes(let count, let components):
      "mixture: expected at least \(components) codes for \(components) components, received "
        + "\(count); ask for fewer components"
    case .codesNotFinite:
      "mixture: expected finite codes, received some that are not; look at the model's codes "
        + "with encode"
    case .noAxes(let status):
      "mixture: expected codes whose covariance has principal axes, received LAPACK's dsyevd "
        + "status \(status); ask for fewer components"
    case .unknownLabel(let label, let known):
      "label: expected one of \(known.joined(separator: ", ")), received \(label)"
    case .scoresNotFinite(let row):
      "anomalies: expected finite scores, received one that is not "
        + (row.map { "in row \($0)" } ?? "of the data that trained")
        + "; look at the data and at the run's losses"
    }
  }
}
