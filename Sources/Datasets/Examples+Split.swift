import Randoms

extension Examples {
  /// The rows that a fraction holds out for validation, in order: drawn at random by the seed and by
  /// nothing else, of each class in proportion where there are labels.
  ///
  /// As many are held out as `split(last:)` holds out. Each class gives its share, rounded down; what
  /// is then missing comes from the classes whose shares lost most, at random where they lost alike.
  ///
  /// Throws `.emptySplit` where either part would have no example, which covers fractions outside
  /// (0, 1); and where examples are windows, which share rows.
  package func heldOut(fraction: Double, seed: UInt64) throws(DatasetError) -> [Int] {
    guard windows == nil else {
      throw .unexpected(
        place: "validation",
        expected: "the last part of a series, as windows drawn at random share rows with others",
        received: "the fraction \(fraction)",
        advice: "say --validation last:\(fraction) (validation: {last: \(fraction)})")
    }
    let total = count - (try keptCount(fraction))
    let order = Shuffle.split(count: count, seed: seed).map(Int.init)
    let classes = labels ?? [Int32](repeating: 0, count: count)
    var sizes: [Int32: Int] = [:]
    var drawn: [Int32] = []
    for row in order {
      if sizes[classes[row]] == nil { drawn.append(classes[row]) }
      sizes[classes[row], default: 0] += 1
    }
    let share = Double(total) / Double(count)
    var quotas = sizes.mapValues { Int((Double($0) * share).rounded(.down)) }
    let missing = total - quotas.values.reduce(0, +)
    func loss(_ label: Int32) -> Double { Double(sizes[label]!) * share - Double(quotas[label]!) }
    // Stable, so that the order drawn decides between equals.
    let losers = drawn.enumerated().sorted { first, second in
      let (a, b) = (loss(first.element), loss(second.element))
      return a == b ? first.offset < second.offset : a > b
    }
    for (_, label) in losers.prefix(missing) { quotas[label]! += 1 }
    return order.filter { row in
      guard quotas[classes[row]]! > 0 else { return false }
      quotas[classes[row]]! -= 1
      return true
    }.sorted()
  }

  /// Those of rows that `heldOut` drew, and all others, both in their order.
  package func split(holdingOut rows: [Int]) -> (training: Examples, validation: Examples) {
    let held = Set(rows)
    return (self.rows((0..<count).filter { !held.contains($0) }), self.rows(rows))
  }

  /// Holds back the last `fraction` of the examples for validation: training keeps the first
  /// `⌊count · (1 − fraction)⌋`, as Keras does. For series, whose neighbours are alike.
  ///
  /// Throws as `heldOut` does. Windows of a series are cut in time, see `splitInTime`.
  package func split(last fraction: Double) throws(DatasetError) -> (
    training: Examples, validation: Examples
  ) {
    if let windows { return try splitInTime(windows, last: fraction) }
    let kept = try keptCount(fraction)
    return (self[0..<kept], self[kept..<count])
  }

  private func keptCount(_ fraction: Double) throws(DatasetError) -> Int {
    let kept = (Double(count) * (1 - fraction)).rounded(.down)
    guard kept >= 1, kept < Double(count) else {
      throw .emptySplit(fraction: fraction, count: count)
    }
    return Int(kept)
  }
}
