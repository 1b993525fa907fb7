/// The label of the anomalies.
package enum AnomalousLabel: Hashable, Sendable {
  /// The rarer of two labels; of equally rare ones the later.
  case rarer
  /// The label with this name or number.
  case named(String)

  /// The label, and which examples have it; `nil` if no label is named and there are not exactly
  /// two labels.
  /// - Parameters:
  ///   - labels: `[N]`.
  ///   - names: the names of the labels, by number.
  ///
  /// Throws `.unknownLabel` if no example has the named label.
  package func find(
    in labels: [Int32], names: [String]?
  ) throws(AnalysisError) -> (name: String, isAnomalous: [Bool])? {
    let counts = Dictionary(grouping: labels) { $0 }.mapValues(\.count)
    func name(_ label: Int32) -> String {
      if let names, names.indices.contains(Int(label)) { names[Int(label)] } else { "\(label)" }
    }
    let label: Int32
    switch self {
    case .rarer:
      guard counts.count == 2,
        let rarer = counts.min(by: { ($0.value, -$0.key) < ($1.value, -$1.key) })
      else { return nil }
      label = rarer.key
    case .named(let wanted):
      let known = counts.keys.sorted()
      guard
        let found = known.first(where: { name($0) == wanted })
          ?? known.first(where: { "\($0)" == wanted })
      else { throw .unknownLabel(wanted, known: known.map(name)) }
      label = found
    }
    return (name(label), labels.map { $0 == label })
  }
}
