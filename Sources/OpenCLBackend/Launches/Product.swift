import Graphs

/// Who multiplies matrices.
package enum ProductChoice: String, Hashable, Sendable, CaseIterable {
  /// The own tiled kernel, but CLBlast on a GPU for products of at least 2³⁰ multiply-adds. Below
  /// that a product takes less than some 50 µs on a large GPU, and CLBlast spends 12 to 18 µs of
  /// host time on a call, runs its generic direct kernel on devices it has no entry for, and needs
  /// a second launch for the epilogue that the own kernel applies on the way. On CPU devices
  /// CLBlast reaches a twentieth of what the own kernel does. No GPU was at hand when this bound
  /// was set: a reasoned one, not a measured one.
  case automatic
  /// `product.cl` for all.
  case tiled
  /// CLBlast for all.
  case clblast
}

extension LaunchList {
  mutating func product(_ op: Product, _ node: Node) {
    let c = shape(node.outputs[0])
    let (m, n) = (c[0], c[1])
    let k = shape(node.inputs[0])[op.transposeA ? 0 : 1]
    guard c.count > 0 else { return }
    if usesLibrary(m, n, k) {
      libraryProduct(op, node, m, n, k)
    } else {
      switch sizes.style {
      case .fat: panelProduct(op, node, m, n, k)
      case .thin: squareProduct(op, node, m, n, k)
      }
    }
  }

  private func usesLibrary(_ m: Int, _ n: Int, _ k: Int) -> Bool {
    // CLBlast takes no empty sum.
    switch choice {
    case .automatic: sizes.style == .thin && min(m, n, k) > 0 && m * n * k >= 1 << 30
    case .tiled: false
    case .clblast: k > 0
    }
  }

  /// CLBlast's product, then the epilogue in place.
  private mutating func libraryProduct(
    _ op: Product, _ node: Node, _ m: Int, _ n: Int, _ k: Int
  ) {
    append(
      .product(
        LibraryProduct(
          m: m, n: n, k: k, transposeA: op.transposeA, transposeB: op.transposeB,
          a: place(node.inputs[0]), b: place(node.inputs[1]), c: place(node.outputs[0]))))
    guard op.epilogue != Epilogue() else { return }
    launch(
      "epilogue", defines: defines(op.epilogue),
      [.int(m), .int(n), tensor(node.outputs[0])] + epilogueOperands(op, node),
      groups: sizes.cellGroups(rows: m, columns: n))
  }

  /// The tiled kernel for CPU devices: panels of 32 columns, each in as many shares of its rows as
  /// give every compute unit the same number of work-groups, four if the matrix has so many rows.
  private mutating func panelProduct(
    _ op: Product, _ node: Node, _ m: Int, _ n: Int, _ k: Int
  ) {
    let rows = tileRows(m)
    let panels = (n - 1) / 32 + 1
    let tiles = (m - 1) / rows + 1
    let shares = min(shares(panels: panels, packs: op.transposeB), tiles)
    // A small B is read as fast from its place; one beyond 4 MiB is not, by a third (2048³, PoCL on
    // Zen 5).
    let isPacked = op.transposeB || (k * n > 1 << 20 && tiles / shares >= 4)
    if isPacked { reserveScratch(panels * shares * 32 * (k + 16)) }
    append(
      .launch(
        Launch(
          file: "product", kernel: "product",
          defines: sizes.defines + transposes(op) + defines(op.epilogue) + [
            "ROWS=\(rows)", "PACKED=\(isPacked ? 1 : 0)",
            "NARROW=\((1...16).contains(n % 32) ? 1 : 0)", columnSumsDefine(node),
          ],
          arguments: productArguments(op, node, m, n, k), groups: [panels, shares], local: [1, 1])))
  }

  /// Rows of a register tile, at most `m`: 14 × 32 elements leave 4 of 32 vector registers free; 8
  /// × 32 is about as fast (within 4 % with AVX-512 on two Zen 5 cores), and it or 10 × 32, which was
  /// not timed alone, serves where it wastes less at the end.
  private func tileRows(_ m: Int) -> Int {
    func waste(_ rows: Int) -> Int { (m + rows - 1) / rows * rows - m }
    guard m >= 8 else { return [4, 2, 1].first { $0 <= m }! }
    return [14, 10, 8].filter { $0 <= m }.min { waste($0) < waste($1) }!
  }

  /// Shares of a panel's rows. Each packs the panel anew, by its instructions the work of a tile or two: one
  /// share where panels are so many that one more or less makes no difference.
  private func shares(panels: Int, packs: Bool) -> Int {
    if packs, panels >= 8 * sizes.computeUnits { return 1 }
    let wanted = (4 * sizes.computeUnits + panels - 1) / panels
    return (wanted...wanted + sizes.computeUnits).first { panels * $0 % sizes.computeUnits == 0 }
      ?? wanted
  }

  /// Squares of an `m` × `n` result for GPUs, of 64 × 64 elements, or of 32 × 32 where those would
  /// leave compute units idle; and the work-groups for them.
  func squares(_ m: Int, _ n: Int) -> (tile: Int, groups: [Int]) {
    func groups(_ tile: Int) -> [Int] { [(n - 1) / tile + 1, (m - 1) / tile + 1] }
    let tile = groups(64).reduce(1, *) >= 2 * sizes.computeUnits ? 64 : 32
    return (tile, groups(tile))
  }

  /// The tiled kernel for GPUs.
  private mutating func squareProduct(
    _ op: Product, _ node: Node, _ m: Int, _ n: Int, _ k: Int
  ) {
    let (tile, groups) = squares(m, n)
    append(
      .launch(
        Launch(
          file: "product", kernel: "product",
          defines: sizes.defines + transposes(op) + defines(op.epilogue) + [
            "TILE=\(tile)", columnSumsDefine(node),
          ],
          arguments: productArguments(op, node, m, n, k), groups: groups, local: [16, 16])))
  }

  private func transposes(_ op: Product) -> [String] {
    ["TRANSPOSE_A=\(op.transposeA ? 1 : 0)", "TRANSPOSE_B=\(op.transposeB ? 1 : 0)"]
  }

  private func productArguments(
    _ op: Product, _ node: Node, _ m: Int, _ n: Int, _ k: Int
  ) -> [Argument] {
    [
      .int(m), .int(n), .int(k), tensor(node.inputs[0]), tensor(node.inputs[1]),
      tensor(node.outputs[0]),
    ] + epilogueOperands(op, node) + [
      .buffer(.scratch(0)), tensor(columnSumsBeside[node.outputs[0]] ?? node.outputs[0]),
    ]
  }

  private func columnSumsDefine(_ node: Node) -> String {
    "COLUMN_SUMS=\(columnSumsBeside[node.outputs[0]] == nil ? 0 : 1)"
  }

  /// Which products of a plan also add up the columns of what they read: `dW = xᵀ dy` and `db`, the sums
  /// of `dy`. Gradients have places of their own, so that it does not matter when they are written.
  /// - Returns: the sums by the product's result.
  func findColumnSumsBesideProducts() -> [TensorID: TensorID] {
    var sums: [TensorID: TensorID] = [:]
    for node in plan.steps {
      guard case .columnSum = node.op, case .gradients = plan.placements[node.outputs[0]] else {
        continue
      }
      sums[node.inputs[0]] = node.outputs[0]
    }
    var beside: [TensorID: TensorID] = [:]
    for node in plan.steps {
      guard case .product(let op) = node.op, op.transposeA, !op.transposeB else { continue }
      let c = shape(node.outputs[0])
      let isOwn = !usesLibrary(c[0], c[1], shape(node.inputs[0])[0])
      guard isOwn, c.count > 0, let sum = sums.removeValue(forKey: node.inputs[1]) else { continue }
      beside[node.outputs[0]] = sum
    }
    return beside
  }
}
