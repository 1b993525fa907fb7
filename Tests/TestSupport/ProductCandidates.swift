import OpenCLBackend

extension ProductCandidate {
  /// Every kind of candidate of a style, in every size that its kernel is made for.
  package static func all(_ style: WorkStyle) -> [ProductCandidate] {
    switch style {
    case .fat:
      let panels = [
        Panel(rows: 14, shares: 1, isPacked: false),
        Panel(rows: 12, shares: 2, isPacked: true),
        Panel(rows: 10, shares: 3, isPacked: false),
        Panel(rows: 8, shares: 2, isPacked: true),
        Panel(rows: 6, shares: 1, isPacked: true),
        // More shares than there are tiles.
        Panel(rows: 4, shares: 100, isPacked: false),
        Panel(rows: 2, shares: 5, isPacked: true),
        Panel(rows: 1, shares: 2, isPacked: false),
        Panel(rows: 8, shares: 1, isPacked: false, slices: 2),
        Panel(rows: 1, shares: 2, isPacked: true, slices: 3),
      ]
      let deep = [
        Deep(rows: 14, panels: 8, shares: 1), Deep(rows: 8, panels: 2, shares: 2),
        Deep(rows: 4, panels: 1, shares: 100), Deep(rows: 1, panels: 3, shares: 2),
      ]
      return panels.map(ProductCandidate.panel) + deep.map(ProductCandidate.deep) + [.clblast]
    case .thin:
      let blocks = [
        Block(rows: 128, columns: 128), Block(rows: 128, columns: 64, slices: 2),
        Block(rows: 64, columns: 128), Block(rows: 64, columns: 64),
        Block(rows: 128, columns: 32), Block(rows: 64, columns: 32, slices: 3),
        Block(rows: 32, columns: 64), Block(rows: 32, columns: 32, slices: 4),
        Block(rows: 128, columns: 16), Block(rows: 64, columns: 16), Block(rows: 32, columns: 16),
        Block(rows: 16, columns: 32),
      ]
      return [.square(tile: 64), .square(tile: 32)] + blocks.map(ProductCandidate.block)
    }
  }
}
