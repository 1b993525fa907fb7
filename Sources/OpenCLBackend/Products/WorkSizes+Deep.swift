import Plans

/// Ways to compute the gradient of weights for a large batch.
extension WorkSizes {
  /// Tiles as for panels, up to 8 panels together, and up to four parts for each compute unit; the
  /// best first. Empty for another product.
  func deepProducts(_ shape: ProductShape) -> [ProductCandidate.Deep] {
    guard shape.transposeA, shape.k > 0 else { return [] }
    let rows = tileRows(shape.m)
    let most = min((shape.m - 1) / rows + 1, 4 * computeUnits)
    let all = [8, 4, 2, 1].flatMap { panels in
      (1...most).map { ProductCandidate.Deep(rows: rows, panels: panels, shares: $0) }
    }
    return all.map { ($0, cost($0, of: shape)) }.sorted { $0.1 < $1.1 }.map(\.0)
  }

  /// About how long a term takes, in the time of one row of a tile: each group packs its panels, and
  /// the numbers of A for its tiles; the next group goes to the first compute unit that is free.
  private func cost(_ deep: ProductCandidate.Deep, of shape: ProductShape) -> Int {
    let panels = (shape.n - 1) / 32 + 1
    let tiles = (shape.m - 1) / deep.rows + 1
    var busy = [Int](repeating: 0, count: computeUnits)
    for share in 0..<deep.shares {
      let own = tiles * (share + 1) / deep.shares - tiles * share / deep.shares
      for first in stride(from: 0, to: panels, by: deep.panels) {
        let unit = busy.indices.min { busy[$0] < busy[$1] }!
        busy[unit] += min(deep.panels, panels - first) * (own * deep.rows + 3) + 2 * own
      }
    }
    return busy.max()!
  }
}
