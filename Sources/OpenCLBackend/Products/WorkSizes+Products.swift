import Plans

/// The default candidates for products that were not measured.
extension WorkSizes {
  /// Our own kernels: on CPU devices CLBlast reaches a twentieth of their speed, it gives wrong
  /// results on some GPUs, and a call needs 12 to 18 µs of host time.
  package func usualProduct(_ shape: ProductShape) -> ProductCandidate {
    switch style {
    case .fat:
      shape.k >= Self.manyTerms
        ? deepProducts(shape).first.map(ProductCandidate.deep) ?? .panel(usualPanel(shape))
        : .panel(usualPanel(shape))
    case .thin: .block(usualBlock(shape))
    }
  }

  /// Panels with rows divided so that every compute unit gets the same number of work-groups: four
  /// if the matrix has enough rows, one if panels are packed.
  private func usualPanel(_ shape: ProductShape) -> ProductCandidate.Panel {
    let rows = tileRows(shape.m)
    let tiles = (shape.m - 1) / rows + 1
    let panels = (shape.n - 1) / 32 + 1
    let shares = min(panelShares(panels: panels, packs: shape.transposeB), tiles)
    // A small B is read as fast without packing; one beyond 4 MiB is a third slower (2048³, PoCL on
    // Zen 5).
    let isLarge = shape.k * shape.n > 1 << 20 && tiles / shares >= 4
    return ProductCandidate.Panel(
      rows: rows, shares: shares, isPacked: shape.transposeB || isLarge)
  }

  /// The panel of a product in a fused launch, where all panels are computed for each part of the
  /// rows.
  func rowPanel(_ shape: ProductShape, shares: Int) -> ProductCandidate.Panel {
    ProductCandidate.Panel(
      rows: tileRows(shape.m / shares), shares: shares, isPacked: shape.transposeB)
  }

  /// The number of parts into which a fused launch divides rows.
  func shares(of rows: Int, _ cut: RowCut) -> Int {
    switch cut {
    case .byUnits: sharesOfRows(rows)
    case .whole: 1
    }
  }

  /// The number of parts into which a fused launch divides rows by compute units: one per compute
  /// unit, because each part packs transposed operands again, but with at least four rows each,
  /// because each part reads all weights. Two per compute unit make a step up to 40 % slower
  /// (`tied-tanh` on PoCL, two Zen 5 cores).
  func sharesOfRows(_ rows: Int) -> Int { max(min(computeUnits, rows / 4), 1) }

  /// From so many terms on, the gradient of weights is computed in blocks of terms, in a third to
  /// nine tenths of the time (784 × 512 to 32 × 256, PoCL on two Zen 5 cores). With fewer and a
  /// small result, where panels stay in the caches, they are faster (`series-gru`).
  private static let manyTerms = 8192

  /// Rows of a register tile, at most `m`: 14 × 32 elements leave 4 of 32 vector registers free; 8
  /// × 32 is about as fast (within 4 % with AVX-512 on two Zen 5 cores), and it or 10 × 32, which
  /// was not timed separately, is chosen if fewer rows of the last tile are unused.
  func tileRows(_ m: Int) -> Int {
    func waste(_ rows: Int) -> Int { (m + rows - 1) / rows * rows - m }
    guard m >= 8 else { return [4, 2, 1].first { $0 <= m }! }
    return [14, 10, 8].filter { $0 <= m }.min { waste($0) < waste($1) }!
  }

  /// Each share packs the panel again: 256 × 32 × 784 with Bᵀ takes 65 µs in eight shares and 49 in
  /// two (PoCL on two Zen 5 cores, `aegpu tune simple`). With many panels, one more or less
  /// makes no difference.
  func panelShares(panels: Int, packs: Bool) -> Int {
    if packs, panels >= 8 * computeUnits { return 1 }
    let wanted = ((packs ? 1 : 4) * computeUnits + panels - 1) / panels
    return (wanted...wanted + computeUnits).first { panels * $0 % computeUnits == 0 } ?? wanted
  }

  /// The largest block for which every compute unit gets one; if there is none, the smallest, with
  /// K in as many slices of at least 128 as that needs. Not measured, because no GPU was available.
  private func usualBlock(_ shape: ProductShape) -> ProductCandidate.Block {
    let columns = [16, 32].first { shape.n <= $0 }
    let blocks = [128, 64, 32].map {
      ProductCandidate.Block(rows: $0, columns: min($0, columns ?? $0))
    }
    func groups(_ block: ProductCandidate.Block) -> Int {
      blockGroups(shape, block).reduce(1, *)
    }
    if let block = blocks.first(where: { groups($0) >= computeUnits }) { return block }
    var smallest = blocks.last!
    smallest.slices = max(1, min(computeUnits / groups(smallest), shape.k / 128))
    return smallest
  }

  /// Work-groups of a block kernel.
  func blockGroups(_ shape: ProductShape, _ block: ProductCandidate.Block) -> [Int] {
    [(shape.n - 1) / block.columns + 1, (shape.m - 1) / block.rows + 1, block.slices]
  }

  /// The block of a sum over windows, and the work-groups: as for a product, the narrowest that
  /// contains all columns, up to 64, and as many rows as give every compute unit a group.
  func windowBlock(
    rows: Int, columns: Int, phases: Int
  ) -> (block: ProductCandidate.Block, groups: [Int]) {
    let width = [16, 32].first { columns <= $0 } ?? 64
    func groups(_ height: Int) -> [Int] {
      [(columns - 1) / width + 1, (rows - 1) / height + 1, phases]
    }
    let height = [128, 64].first { groups($0).reduce(1, *) >= 2 * computeUnits } ?? 32
    return (ProductCandidate.Block(rows: height, columns: width), groups(height))
  }

  /// Squares of an `m` × `n` result for GPUs, of 64 × 64 elements, or of 32 × 32 if the larger ones
  /// would leave compute units idle; and their work-groups.
  func squares(_ m: Int, _ n: Int) -> (tile: Int, groups: [Int]) {
    let large = squareGroups(m, n, tile: 64)
    return large.reduce(1, *) >= 2 * computeUnits
      ? (64, large) : (32, squareGroups(m, n, tile: 32))
  }

  func squareGroups(_ m: Int, _ n: Int, tile: Int) -> [Int] {
    [(n - 1) / tile + 1, (m - 1) / tile + 1]
  }
}
