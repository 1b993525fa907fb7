import Graphs
import Plans

extension LaunchList {
  mutating func product(_ op: Product, _ node: Node) {
    guard let shape = products[node.outputs[0]] else { return }
    switch candidate(shape) {
    case .panel(let panel):
      panelProduct(op, node, shape, panel, sharesRows: rowPanel(shape) != nil)
    case .deep(let deep): deepProduct(op, node, shape, deep)
    case .square(let tile): squareProduct(op, node, shape, tile)
    case .block(let block): blockProduct(op, node, shape, block)
    case .clblast: libraryProduct(op, node, shape)
    }
  }

  /// CLBlast's product, then the epilogue in place.
  private mutating func libraryProduct(_ op: Product, _ node: Node, _ shape: ProductShape) {
    append(
      .product(
        LibraryProduct(
          m: shape.m, n: shape.n, k: shape.k, transposeA: op.transposeA,
          transposeB: op.transposeB, a: place(node.inputs[0]), b: place(node.inputs[1]),
          c: place(node.outputs[0]))))
    guard shape.epilogue else { return }
    launch(
      "epilogue", defines: defines(op.epilogue),
      [.int(shape.m), .int(shape.n), tensor(node.outputs[0])] + epilogueOperands(op, node),
      groups: sizes.cellGroups(rows: shape.m, columns: shape.n))
  }

  /// The tiles for panels of 32 columns: possibly none is wider than 16, and the last may be
  /// narrower.
  func panelDefines(columns: Int) -> [String] {
    [
      "WIDE=\(columns > 16 ? 1 : 0)", "NARROW=\((1...16).contains(columns % 32) ? 1 : 0)",
    ]
  }

  /// - Parameter sharesRows: whether a part is a range of rows, for which all panels are computed
  ///   in turn.
  private mutating func panelProduct(
    _ op: Product, _ node: Node, _ shape: ProductShape, _ panel: ProductCandidate.Panel,
    sharesRows: Bool
  ) {
    let panels = (shape.n - 1) / 32 + 1
    let shares = sharesRows ? panel.shares : min(panel.shares, (shape.m - 1) / panel.rows + 1)
    let sliceLength = (shape.k - 1) / panel.slices + 1
    // The groups of a fused launch may compute different products: the memory of a part is that of
    // the
    // longest.
    let room = 32 * ((sharesRows ? longestPackedSum : sliceLength) + 16)
    let packed = panel.isPacked ? (sharesRows ? 1 : panels * panel.slices) * shares * room : 0
    reserveScratch(packed)
    ownProduct(
      op, node, shape, "product",
      defines: [
        "ROWS=\(panel.rows)", "PACKED=\(panel.isPacked ? 1 : 0)",
      ] + (sharesRows ? ["FUSED=1", "SHARE_ROOM=\(room)"] : []) + panelDefines(columns: shape.n),
      packed: panel.isPacked ? .buffer(.scratch(0)) : nil, slices: panel.slices, slicesAt: packed,
      groups: [panels, shares], local: [1, 1])
  }

  private mutating func deepProduct(
    _ op: Product, _ node: Node, _ shape: ProductShape, _ deep: ProductCandidate.Deep
  ) {
    let panels = (shape.n - 1) / 32 + 1
    let groups = [(panels - 1) / deep.panels + 1, min(deep.shares, (shape.m - 1) / deep.rows + 1)]
    reserveScratch(groups.reduce(1, *) * deep.panels * 32 * (Self.deepTerms + 16))
    ownProduct(
      op, node, shape, "product_deep",
      defines: [
        "ROWS=\(deep.rows)", "PANELS=\(deep.panels)", "DEPTH=\(Self.deepTerms)",
      ] + panelDefines(columns: shape.n),
      packed: .buffer(.scratch(0)), groups: groups, local: [1, 1])
  }

  /// The terms of a block: packed, 32 KiB for each panel and 16 KiB for a tile.
  private static let deepTerms = 256

  /// The number of terms in the longest sum of a product whose rows are divided and whose panels
  /// are packed.
  private var longestPackedSum: Int {
    products.values.filter { rowPanel($0)?.isPacked ?? false }.map(\.k).max() ?? 0
  }

  private mutating func squareProduct(
    _ op: Product, _ node: Node, _ shape: ProductShape, _ tile: Int
  ) {
    ownProduct(
      op, node, shape, "product", defines: ["TILE=\(tile)"],
      groups: sizes.squareGroups(shape.m, shape.n, tile: tile), local: [16, 16])
  }

  private mutating func blockProduct(
    _ op: Product, _ node: Node, _ shape: ProductShape, _ block: ProductCandidate.Block
  ) {
    ownProduct(
      op, node, shape, "product_blocks",
      defines: ["TILE_M=\(block.rows)", "TILE_N=\(block.columns)"], slices: block.slices,
      groups: sizes.blockGroups(shape, block), local: [16, 16])
  }

  /// A launch of our own kernel; if K is divided into slices, a second launch adds up the slices
  /// and completes the product.
  /// - Parameters:
  ///   - packed: where a kernel packs B.
  ///   - slicesAt: the offset of the slices' sums in scratch.
  private mutating func ownProduct(
    _ op: Product, _ node: Node, _ shape: ProductShape, _ kernel: String, defines own: [String],
    packed: Argument? = nil, slices: Int = 1, slicesAt: Int = 0, groups: [Int], local: [Int]
  ) {
    let c = node.outputs[0]
    let sums = columnSumsBeside[c].map { [tensor($0)] } ?? []
    let columnSums = "COLUMN_SUMS=\(sums.count)"
    let epilogue = epilogueOperands(op, node)
    let isSliced = slices > 1
    let partials = Argument.tensor(.scratch(slicesAt))
    let loss = lossesBeside[c].map { judge($0, groups: groups.reduce(1, *)) }
    var ownEpilogue = isSliced ? Epilogue() : op.epilogue
    if let loss { ownEpilogue.derivativeOf = loss.derivativeOf }
    let result = isSliced ? partials : tensor(loss?.gradient ?? c)
    let operands =
      [tensor(node.inputs[0]), tensor(node.inputs[1]), result]
      + (isSliced ? [] : epilogue) + [packed].compactMap(\.self) + sums + (loss?.operands ?? [])
    append(
      .launch(
        Launch(
          file: kernel, kernel: kernel,
          defines: sizes.defines + [
            "TRANSPOSE_A=\(op.transposeA ? 1 : 0)", "TRANSPOSE_B=\(op.transposeB ? 1 : 0)",
          ] + defines(ownEpilogue) + own + [
            columnSums, "SLICED=\(isSliced ? 1 : 0)",
          ] + (loss?.defines ?? []),
          arguments: [.int(shape.m), .int(shape.n), .int(shape.k)] + operands,
          groups: groups.prefix(2) + (isSliced ? [slices] : []),
          local: local + (isSliced ? [1] : []))))
    guard isSliced else { return }
    let rows = shape.m + sums.count
    reserveScratch(slicesAt + slices * rows * shape.n)
    launch(
      "product_slices", defines: defines(op.epilogue) + [columnSums],
      [.int(shape.m), .int(shape.n), .int(slices), partials, tensor(c)] + epilogue + sums,
      groups: sizes.cellGroups(rows: rows, columns: shape.n))
  }
}
