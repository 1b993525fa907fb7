extension Examples {
  /// Holds back the last `fraction` of the examples for validation: training keeps the first
  /// `⌊count · (1 − fraction)⌋`, as Keras does.
  ///
  /// Throws `.emptySplit` where either part would have no example, which covers fractions outside
  /// (0, 1).
  package func split(validation fraction: Double) throws(DatasetError) -> (
    training: Examples, validation: Examples
  ) {
    let kept = (Double(count) * (1 - fraction)).rounded(.down)
    guard kept >= 1, kept < Double(count) else {
      throw .emptySplit(fraction: fraction, count: count)
    }
    return (self[0..<Int(kept)], self[Int(kept)..<count])
  }
}
