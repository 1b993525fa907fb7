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

  /// What `list` gave; a candidate that this program does not know is left out.
  package init(_ list: [ProductChoice]) {
    self.init(
      Dictionary(
        list.compactMap { choice in
          ProductCandidate(choice.candidate).map { (choice.shape, $0) }
        }, uniquingKeysWith: { $1 }))
  }

  /// What it names, in a form to be kept; in the order of their texts.
  package var list: [ProductChoice] {
    choices.map { ProductChoice($0, by: $1) }
      .sorted { "\($0.shape) \($0.candidate)" < "\($1.shape) \($1.candidate)" }
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
