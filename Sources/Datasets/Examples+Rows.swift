extension Examples {
  /// The examples of these rows, in this order, in memory.
  package func read(_ rows: [Int]) throws(DatasetError) -> Examples {
    guard let stored else { return self.rows(rows) }
    return Examples(
      count: rows.count, shape: shape, elements: try stored.loaded(rows),
      labels: labels.map { labels in rows.map { labels[$0] } })
  }

  /// The examples of these rows, in this order, copied.
  package func rows(_ rows: [Int]) -> Examples {
    precondition(windows == nil, "windows must be split in time")
    let size = featureCount
    func picked<Element>(_ values: [Element]) -> [Element] {
      rows.flatMap { values[$0 * size..<($0 + 1) * size] }
    }
    let part: Elements =
      switch elements {
      case .bytes(let bytes): .bytes(picked(bytes))
      case .floats(let floats): .floats(picked(floats))
      case .doubles(let doubles): .doubles(picked(doubles))
      case .stored: preconditionFailure(Elements.isStored)
      }
    return Examples(
      count: rows.count, shape: shape, elements: part,
      labels: labels.map { labels in rows.map { labels[$0] } },
      names: names.map { names in rows.map { names[$0] } })
  }
}
