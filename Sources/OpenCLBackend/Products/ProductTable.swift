import Plans

/// Which candidate computes which product. A shape that it does not name, or that its candidate
/// does not serve, is computed as the kind of device suggests.
package struct ProductTable: Hashable, Sendable {
  private let choices: [ProductShape: ProductCandidate]
  /// The candidate of all shapes that are not named.
  private let others: ProductCandidate?

  package init(_ choices: [ProductShape: ProductCandidate] = [:]) {
    self.choices = choices
    others = nil
  }

  private init(others: ProductCandidate) {
    choices = [:]
    self.others = others
  }

  /// One candidate wherever it serves: for tests and for measuring.
  package static func forced(_ candidate: ProductCandidate) -> ProductTable {
    ProductTable(others: candidate)
  }

  func names(_ shape: ProductShape) -> Bool { choices[shape] != nil || others != nil }

  /// Whether one candidate is wanted wherever it serves.
  var isForced: Bool { others != nil }

  func candidate(_ shape: ProductShape, _ sizes: WorkSizes) -> ProductCandidate {
    if let wanted = choices[shape] ?? others, wanted.serves(shape, sizes.style) { return wanted }
    return sizes.usualProduct(shape)
  }
}
