extension StoredRows {
  /// The same rows with mean and deviation `√(Σ (x − mean)² / count)` of each feature, of bytes
  /// times `byteScale`.
  ///
  /// Each block has its own mean and squared deviations, which are then put together: Chan, Golub
  /// and LeVeque, *Updating Formulae and a Pairwise Algorithm for Computing Sample Variances*
  /// (1979).
  ///
  /// Doubles are summed up as those in memory are, with the same results (`FeatureMoments`).
  /// - Parameters:
  ///   - fillsMissing: whether missing values are replaced by the mean.
  ///   - blockByteCount: the bytes of rows that are summed up at a time.
  package func measured(
    byteScale: Double, fillsMissing: Bool = false, blockByteCount: Int = 4 << 20
  ) throws(DatasetError) -> StoredRows {
    var result = self
    if element == .float64 {
      let moments = try FeatureMoments(featureCount: rowSize, byteScale: byteScale) {
        (add) throws(DatasetError) in
        try forEachBlock(of: 0..<count) { (own, numbers) in
          let values = element.doubles(in: numbers, byteScale: byteScale)
          add(Examples(count: own.count, shape: [rowSize], elements: .doubles(values)))
        }
      }
      result.moments = Moments(
        means: moments.means, deviations: try moments.deviations(fillsMissing: fillsMissing))
      return result
    }
    var means = [Double](repeating: 0, count: rowSize)
    var squares = means
    var done = 0
    let rowsOfABlock = max(blockByteCount / rowByteCount, 1)
    while done < count {
      let part = done..<min(done + rowsOfABlock, count)
      let values = try numbers(of: part, byteScale: byteScale)
      let block = Self.moments(values, rowSize)
      let share = Double(part.count) / Double(part.upperBound)
      for feature in 0..<rowSize {
        let distance = block.means[feature] - means[feature]
        means[feature] += distance * share
        squares[feature] += block.squares[feature] + distance * distance * Double(done) * share
      }
      done = part.upperBound
    }
    result.moments = Moments(
      means: means, deviations: squares.map { ($0 / Double(count)).squareRoot() })
    return result
  }

  private func numbers(of part: Range<Int>, byteScale: Double) throws(DatasetError) -> [Float] {
    switch try self[part].loaded() {
    case .bytes(let bytes): bytes.map { Float(byteScale) * Float($0) }
    case .floats(let floats): floats
    case .doubles, .stored: preconditionFailure("these rows are bytes or floats in memory")
    }
  }

  /// Mean and sum of squared deviations of each column.
  private static func moments(
    _ values: [Float], _ columns: Int
  ) -> (means: [Double], squares: [Double]) {
    let rows = values.count / columns
    var means = [Double](repeating: 0, count: columns)
    var squares = means
    values.withUnsafeBufferPointer { values in
      means.withUnsafeMutableBufferPointer { means in
        for row in 0..<rows {
          for column in 0..<columns { means[column] += Double(values[row * columns + column]) }
        }
        for column in 0..<columns { means[column] /= Double(rows) }
        squares.withUnsafeMutableBufferPointer { squares in
          for row in 0..<rows {
            for column in 0..<columns {
              let distance = Double(values[row * columns + column]) - means[column]
              squares[column] += distance * distance
            }
          }
        }
      }
    }
    return (means, squares)
  }
}
