import Plans

/// The candidate for each product shape. For other shapes, and if a candidate cannot compute a
/// shape, the default for the kind of device is used.
package struct ProductTable: Hashable, Sendable {
  private let choices: [ProductShape: ProductCandidate]
  /// The candidate for all other shapes.
  private let others: ProductCandidate?

  package init(_ choices: [ProductShape: ProductCandidate] = [:]) {
    self.choices = choices
    others = nil
  }

  /// From the contents of `list`; unknown candidates are left out.
  package init(_ list: [ProductChoice]) {
    self.init(
      Dictionary(
        list.compactMap { choice in
          ProductCandidate(choice.candidate).map { (choice.shape, $0) }
        }, uniquingKeysWith: { $1 }))
  }

  /// The same table with other candidates for the shapes of `list`; candidates that this version
  /// does not have are ignored.
  package func replacing(_ list: [ProductChoice]) -> ProductTable {
    guard others == nil else { return self }
    return ProductTable(choices.merging(ProductTable(list).choices) { $1 })
  }

  /// Its contents in a form for files, sorted by text.
  package var list: [ProductChoice] {
    choices.map { ProductChoice($0, by: $1) }
      .sorted { "\($0.shape) \($0.candidate)" < "\($1.shape) \($1.candidate)" }
  }

  private init(others: ProductCandidate) {
    choices = [:]
    self.others = others
  }

  /// One candidate for all shapes that it can compute: for tests and measurements.
  package static func forced(_ candidate: ProductCandidate) -> ProductTable {
    ProductTable(others: candidate)
  }

  func names(_ shape: ProductShape) -> Bool { choices[shape] != nil || others != nil }

  /// Whether one candidate is forced for all shapes.
  var isForced: Bool { others != nil }

  func candidate(_ shape: ProductShape, _ sizes: WorkSizes) -> ProductCandidate {
    if let wanted = choices[shape] ?? others, wanted.serves(shape, sizes.style) { return wanted }
    return sizes.usualProduct(shape)
  }
}
