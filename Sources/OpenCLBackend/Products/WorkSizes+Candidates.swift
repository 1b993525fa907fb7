import Plans

/// The candidates that are worth measuring for a product.
extension WorkSizes {
  /// The default candidate first.
  func candidates(_ shape: ProductShape) -> [ProductCandidate] {
    let usual = usualProduct(shape)
    let others: [ProductCandidate] =
      switch style {
      case .fat:
        panels(shape).map(ProductCandidate.panel)
          + deepProducts(shape).prefix(4).map(ProductCandidate.deep)
      case .thin:
        blocks(shape).map(ProductCandidate.block) + [.square(tile: 64), .square(tile: 32)]
      }
    return [usual] + (others + [.clblast]).filter { $0 != usual && $0.serves(shape, style) }
  }

  /// Tiles of the three heights that waste least, with and without packing, in one part, a few
  /// parts, or as many as there are tiles; also with K in slices if there are too few tiles for the
  /// device.
  private func panels(_ shape: ProductShape) -> [ProductCandidate.Panel] {
    let panels = (shape.n - 1) / 32 + 1
    func tiles(_ rows: Int) -> Int { (shape.m - 1) / rows + 1 }
    // A tile reads 2 vectors of B for every `rows` numbers of A.
    func cost(_ rows: Int) -> Int { tiles(rows) * (rows + 2) }
    let heights = [14, 12, 10, 8, 6, 4, 2, 1].filter { $0 <= shape.m }
      .sorted { cost($0) < cost($1) }.prefix(3)
    return heights.flatMap { rows in
      let most = tiles(rows)
      let shares = Set(
        [1, 2, panelShares(panels: panels, packs: false), most].map { min($0, most) })
      let slices = [1] + slices(of: shape.k, groups: panels * most, least: 128)
      return shares.sorted().flatMap { shares in
        [false, true].flatMap { isPacked in
          slices.map {
            ProductCandidate.Panel(rows: rows, shares: shares, isPacked: isPacked, slices: $0)
          }
        }
      }
    }
  }

  /// Blocks that are not larger than the result, with whole K and in slices.
  private func blocks(_ shape: ProductShape) -> [ProductCandidate.Block] {
    let sides = [
      (128, 128), (128, 64), (64, 128), (64, 64), (128, 32), (64, 32), (32, 64), (32, 32),
      (128, 16),
      (64, 16), (32, 16),
    ]
    return sides.flatMap { rows, columns -> [ProductCandidate.Block] in
      let fits = rows < 2 * max(shape.m, 16) && columns < 2 * max(shape.n, 9)
      // Narrower than necessary.
      guard fits, columns > 16 || shape.n <= 16 else { return [] }
      let whole = ProductCandidate.Block(rows: rows, columns: columns)
      let groups = blockGroups(shape, whole).reduce(1, *)
      return ([1] + slices(of: shape.k, groups: groups, least: 64)).map {
        ProductCandidate.Block(rows: rows, columns: columns, slices: $0)
      }
    }
  }

  /// Numbers of slices, each with at least this many terms, so that a launch has at most four of
  /// these work-groups per compute unit.
  private func slices(of k: Int, groups: Int, least: Int) -> [Int] {
    [2, 4, 8, 16, 32].filter { k / $0 >= least && groups * $0 <= 4 * computeUnits }
  }
}
