extension StoredRows {
  /// The same rows with the range of those in use.
  package func ranged() throws(DatasetError) -> StoredRows {
    var result = self
    var (least, greatest, areWhole) = (Double.infinity, -Double.infinity, true)
    for start in stride(from: 0, to: count, by: Self.rowsOfALook) {
      let values: [Float]
      switch try self[start..<min(start + Self.rowsOfALook, count)].loaded() {
      case .bytes, .doubles, .stored: return self
      case .floats(let floats): values = floats
      }
      for value in values where !value.isNaN {
        (least, greatest) = (min(least, Double(value)), max(greatest, Double(value)))
        if value != value.rounded() { areWhole = false }
      }
    }
    if least <= greatest { (result.least, result.greatest) = (least, greatest) }
    result.areWhole = areWhole
    return result
  }

  private static let rowsOfALook = 256

  /// The same rows, scaled as they are read. They are read once, for the range of their values.
  /// - Parameter tooLarge: the error for a number that is too large for `Float` once it is scaled.
  func scaled(
    by scaling: FeatureScaling,
    tooLarge: (_ row: Int, _ feature: Int, _ value: Double) -> DatasetError
  ) throws(DatasetError) -> StoredRows {
    var result = self
    // Without any scaling, values are only counted.
    (result.scaling, result.moments) = (scaling, scaling == FeatureScaling() ? moments : nil)
    var (least, greatest, missing) = (Float.infinity, -Float.infinity, 0)
    var varies = [Bool](repeating: false, count: rowSize)
    try forEachBlock { (own, numbers) throws(DatasetError) in
      let values = scaling.scaled(numbers, of: element, rowSize: rowSize)
      for first in stride(from: 0, to: values.count, by: rowSize) {
        for feature in 0..<rowSize {
          let value = values[first + feature]
          guard !value.isInfinite else {
            let original = element.doubles(in: numbers, byteScale: 1)[first + feature]
            throw tooLarge(own.lowerBound + first / rowSize, feature, original)
          }
          // No comparison with NaN is true, but that of inequality.
          least = value < least ? value : least
          greatest = value > greatest ? value : greatest
          missing += value.isNaN ? 1 : 0
          if value != 0 { varies[feature] = true }
        }
      }
    }
    (result.least, result.greatest) =
      least <= greatest ? (Double(least), Double(greatest)) : (0, 0)
    result.missingCount = missing
    result.constantFeatures = varies.indices.filter { !varies[$0] }
    return result
  }
}

extension FeatureScaling {
  /// Whole rows of numbers of a type, scaled.
  fileprivate func scaled(
    _ numbers: UnsafeRawBufferPointer, of element: StoredElement, rowSize: Int
  ) -> [Float] {
    [Float](unsafeUninitializedCapacity: numbers.count / element.byteCount) { floats, count in
      count = numbers.count / element.byteCount
      apply(
        to: numbers, of: element, rowSize: rowSize,
        into: UnsafeMutableBufferPointer(rebasing: floats[..<count]))
    }
  }

  /// Scales whole rows of numbers of a type.
  func apply(
    to numbers: UnsafeRawBufferPointer, of element: StoredElement, rowSize: Int,
    into floats: UnsafeMutableBufferPointer<Float>
  ) {
    if element == .float64 {
      return apply(to: numbers.bindMemory(to: Double.self), rowSize: rowSize, into: floats)
    }
    element.doubles(in: numbers, byteScale: byteScale).withUnsafeBufferPointer {
      apply(to: $0, rowSize: rowSize, into: floats)
    }
  }
}
