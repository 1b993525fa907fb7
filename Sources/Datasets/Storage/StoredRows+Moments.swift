extension StoredRows {
  /// The same rows with mean and deviation `√(Σ (x − mean)² / count)` of each feature, of bytes
  /// times `byteScale`.
  ///
  /// Each block has its own mean and squared deviations, which are then put together: Chan, Golub
  /// and LeVeque, *Updating Formulae and a Pairwise Algorithm for Computing Sample Variances*
  /// (1979).
  ///
  /// Doubles, and rows with missing values, are summed up as those in memory are, with the same
  /// results (`FeatureMoments`).
  /// - Parameters:
  ///   - fillsMissing: whether missing values are replaced by the mean.
  ///   - blockByteCount: the bytes of rows that are summed up at a time.
  package func measured(
    byteScale: Double, fillsMissing: Bool = false, blockByteCount: Int = 4 << 20
  ) throws(DatasetError) -> StoredRows {
    var result = self
    if element == .float64 || missingCount > 0 || fillsMissing {
      let moments = try FeatureMoments(featureCount: rowSize, byteScale: byteScale) {
        (add) throws(DatasetError) in
        try forEachBlock { (own, numbers) in
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
    var progress = LongReading(path, of: storedByteCount)
    let rowsOfABlock = min(max(blockByteCount / rowByteCount, 1), count)
    // The same memory for all blocks: pieces of this size would leave holes between them.
    let bytes = UnsafeMutableRawBufferPointer.allocate(
      byteCount: rowsOfABlock * storedRowByteCount, alignment: 64)
    let numbers = UnsafeMutableBufferPointer<Float>.allocate(capacity: rowsOfABlock * rowSize)
    defer {
      bytes.deallocate()
      numbers.deallocate()
    }
    while done < count {
      let part = done..<min(done + rowsOfABlock, count)
      let own = UnsafeMutableRawBufferPointer(rebasing: bytes[..<(part.count * storedRowByteCount)])
      try readAsStored(part, into: own)
      let values = UnsafeMutableBufferPointer(rebasing: numbers[..<(part.count * rowSize)])
      element.copy(UnsafeRawBufferPointer(own), to: values, byteScale: Float(byteScale))
      let block = Self.moments(UnsafeBufferPointer(values), rowSize)
      let share = Double(part.count) / Double(part.upperBound)
      for feature in 0..<rowSize {
        let distance = block.means[feature] - means[feature]
        means[feature] += distance * share
        squares[feature] += block.squares[feature] + distance * distance * Double(done) * share
      }
      done = part.upperBound
      progress.add(part.count * storedRowByteCount)
    }
    result.moments = Moments(
      means: means, deviations: squares.map { ($0 / Double(count)).squareRoot() })
    return result
  }

  /// Mean and sum of squared deviations of each column.
  private static func moments(
    _ values: UnsafeBufferPointer<Float>, _ columns: Int
  ) -> (means: [Double], squares: [Double]) {
    let rows = values.count / columns
    var means = [Double](repeating: 0, count: columns)
    var squares = means
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
    return (means, squares)
  }
}
