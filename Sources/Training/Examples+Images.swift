import Datasets

extension Examples {
  /// `[H, W, C]` if the examples can be drawn: gray or RGB images, and rows of bytes as long as a
  /// square image of at least 4×4; else `nil`. Rows of other numbers are a table, whatever their
  /// length; `Dataset.shaped` gives them the shape in the recipe.
  package var imageShape: [Int]? {
    guard windows == nil else { return nil }
    switch (shape.count, elements) {
    case (3, _): return shape[2] == 1 || shape[2] == 3 ? shape : nil
    case (2, _): return shape + [1]
    case (1, _) where areBytes:
      let side = Int(Double(shape[0]).squareRoot().rounded())
      return side >= 4 && side * side == shape[0] ? [side, side, 1] : nil
    default: return nil
    }
  }

  /// The range of the pixel values: black and white of a picture, and the range for PSNR. Bytes: 0
  /// to 255 times `byteScale`. Other numbers, depending on the values: 0 to 1; −1 to 1; 0 to 255 if
  /// they are whole numbers or reach 128; else from the smallest to the largest value.
  package func imageRange(byteScale: Double) -> ClosedRange<Double> {
    switch elements {
    case .bytes: return 0...255 * byteScale
    case .floats(let values):
      return Self.imageRange(Double(values.min() ?? 0), Double(values.max() ?? 1)) {
        values.allSatisfy { $0 == $0.rounded() }
      }
    case .doubles: preconditionFailure("doubles must be scaled before they are drawn")
    case .stored(let rows):
      return rows.elementAsRead == .uint8
        ? 0...255 * byteScale : Self.imageRange(rows.least, rows.greatest) { rows.areWhole }
    }
  }

  private static func imageRange(
    _ least: Double, _ most: Double, areWhole: () -> Bool
  ) -> ClosedRange<Double> {
    guard least.isFinite, most.isFinite else { return 0...1 }
    if least >= 0 && most <= 1 { return 0...1 }
    if least >= -1 && most <= 1 { return -1...1 }
    if least >= 0 && most <= 255, most >= 128 || areWhole() { return 0...255 }
    return least < most ? least...most : least...(least + 1)
  }
}

extension Dataset {
  /// The rows as images, if `shape` is `[H, W, C]` with the same number of values.
  func shaped(_ shape: [Int]) -> Dataset {
    guard shape.count == 3, training.shape == [shape.reduce(1, *)] else { return self }
    func shaped(_ examples: Examples) -> Examples {
      Examples(
        count: examples.count, shape: shape, elements: examples.elements, labels: examples.labels,
        names: examples.names)
    }
    return Dataset(
      name: name, training: shaped(training), test: test.map(shaped), files: files,
      labelNames: labelNames, featureNames: featureNames, details: details, notes: notes,
      stretches: stretches)
  }
}
