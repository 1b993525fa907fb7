import Randoms

extension Examples {
  /// The rows that a fraction holds out for validation, in ascending order. They are drawn by the
  /// seed only, stratified by class if there are labels.
  ///
  /// As many rows are held out as by `split(last:)`. Each class gives its fraction, rounded down;
  /// the missing rows come from the classes with the largest remainders, in random order if these
  /// are equal.
  ///
  /// Throws `.emptySplit` if one part would be empty, which includes fractions outside (0, 1); and
  /// if the examples are windows, because windows share rows.
  package func heldOut(fraction: Double, seed: UInt64) throws(DatasetError) -> [Int] {
    guard windows == nil else {
      throw .unexpected(
        place: "validation",
        expected: "the last part of a series, as random windows share rows with others",
        received: "the fraction \(fraction)",
        advice: "use --validation last:\(fraction) (validation: {last: \(fraction)})")
    }
    let total = count - (try keptCount(fraction))
    let order = Shuffle.split(count: count, seed: seed)
    guard let classes = labels else { return order.prefix(total).map(Int.init).sorted() }
    var sizes: [Int32: Int] = [:]
    var drawn: [Int32] = []
    for row in order {
      let label = classes[Int(row)]
      if sizes[label] == nil { drawn.append(label) }
      sizes[label, default: 0] += 1
    }
    let share = Double(total) / Double(count)
    var quotas = sizes.mapValues { Int((Double($0) * share).rounded(.down)) }
    let missing = total - quotas.values.reduce(0, +)
    func loss(_ label: Int32) -> Double { Double(sizes[label]!) * share - Double(quotas[label]!) }
    // A stable sort keeps the random order of equal classes.
    let losers = drawn.enumerated().sorted { first, second in
      let (a, b) = (loss(first.element), loss(second.element))
      return a == b ? first.offset < second.offset : a > b
    }
    for (_, label) in losers.prefix(missing) { quotas[label]! += 1 }
    var held: [Int] = []
    held.reserveCapacity(total)
    for row in order {
      let label = classes[Int(row)]
      guard quotas[label]! > 0 else { continue }
      quotas[label]! -= 1
      held.append(Int(row))
    }
    return held.sorted()
  }

  /// The examples without and with the rows of `heldOut`, both in their order.
  package func split(holdingOut rows: [Int]) -> (training: Examples, validation: Examples) {
    if let stored {
      let parts = stored.split(holdingOut: rows)
      let kept = RowSelection.without(rows).runs(at: 0..<count - rows.count)
      return (
        Examples(
          count: parts.kept.count, shape: shape, elements: .stored(parts.kept),
          labels: labels.map { labels in kept.flatMap { labels[$0] } }),
        Examples(
          count: rows.count, shape: shape, elements: .stored(parts.held),
          labels: labels.map { labels in rows.map { labels[$0] } })
      )
    }
    let held = Set(rows)
    return (self.rows((0..<count).filter { !held.contains($0) }), self.rows(rows))
  }

  /// Holds out the last `fraction` of the examples for validation: training keeps the first `⌊count
  /// · (1 − fraction)⌋`, as Keras does. For series, whose neighbouring examples are similar.
  ///
  /// Throws as `heldOut` does. Windows of a series are split in time, see `splitInTime`.
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
