/// Several runs, and which have the lowest loss among those that can be compared.
package struct RunComparison: Hashable, Sendable {
  package struct Row: Hashable, Sendable {
    package var run: String
    package var convention: String
    /// A description of the validation data; equal texts mean equal examples.
    package var judgedBy: String
    /// The validation loss; `nil` without validation.
    package var validation: Double?

    package init(run: String, convention: String, judgedBy: String, validation: Double?) {
      self.run = run
      self.convention = convention
      self.judgedBy = judgedBy
      self.validation = validation
    }
  }

  /// The indices of the runs with the lowest loss in each group of at least two comparable runs.
  package let lowest: [Int]
  /// Why runs are not ranked with each other, one sentence per reason.
  package let reasons: [String]

  package init(_ rows: [Row]) {
    var groups: [(key: [String], places: [Int])] = []
    for (place, row) in rows.enumerated() where row.validation?.isFinite == true {
      let key = [row.convention, row.judgedBy]
      if let group = groups.firstIndex(where: { $0.key == key }) {
        groups[group].places.append(place)
      } else {
        groups.append((key, [place]))
      }
    }
    lowest = groups.filter { $0.places.count > 1 }.map { group in
      group.places.min { rows[$0].validation! < rows[$1].validation! }!
    }
    var reasons: [String] = []
    let conventions = Self.distinct(rows.map(\.convention))
    if conventions.count > 1 {
      reasons.append(
        "losses of different kinds are not ranked: \(conventions.joined(separator: "; "))")
    }
    let judges = Self.distinct(rows.map(\.judgedBy))
    if judges.count > 1 {
      reasons.append("losses on different data are not ranked: \(judges.joined(separator: "; "))")
    }
    for row in rows where row.validation?.isFinite != true {
      reasons.append("\(row.run) has no finite validation loss")
    }
    self.reasons = reasons
  }

  private static func distinct(_ texts: [String]) -> [String] {
    texts.indices.filter { texts.firstIndex(of: texts[$0]) == $0 }.map { texts[$0] }
  }
}
