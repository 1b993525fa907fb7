import Plans

/// One way to compute a matrix product.
package enum ProductCandidate: Hashable, Sendable {
  /// `product.cl` for CPU devices.
  case panel(Panel)
  /// `product_deep.cl` for CPU devices, for a transposed A and many terms.
  case deep(Deep)
  /// The plain kernel `product.cl` for GPUs: a work-group of 16 × 16 work-items computes `tile` ×
  /// `tile` elements, 32 or 64.
  case square(tile: Int)
  /// `product_blocks.cl`, for GPUs.
  case block(Block)
  /// CLBlast, with separate launches for the epilogue and the column sums.
  case clblast

  /// Register tiles of `rows` × 32 sums.
  package struct Panel: Hashable, Sendable {
    package var rows: Int
    /// Work-groups per panel of 32 columns, each with a part of its row tiles.
    package var shares: Int
    /// Whether a work-group first copies its panel of op(B), so that it is read sequentially.
    package var isPacked: Bool
    /// The number of parts of K, whose sums a second launch adds up.
    package var slices = 1

    package init(rows: Int, shares: Int, isPacked: Bool, slices: Int = 1) {
      (self.rows, self.shares, self.isPacked, self.slices) = (rows, shares, isPacked, slices)
    }
  }

  /// Register tiles of `rows` × 32 sums, in blocks of terms that stay in the caches.
  package struct Deep: Hashable, Sendable {
    package var rows: Int
    /// Panels of 32 columns of a work-group.
    package var panels: Int
    /// Work-groups for the same panels, each with a part of their row tiles.
    package var shares: Int

    package init(rows: Int, panels: Int, shares: Int) {
      (self.rows, self.panels, self.shares) = (rows, panels, shares)
    }
  }

  /// A work-group of 16 × 16 work-items computes `rows` × `columns` elements, multiples of 16.
  package struct Block: Hashable, Sendable {
    package var rows: Int
    package var columns: Int
    /// The number of parts of K, whose sums a second launch adds up.
    package var slices = 1

    package init(rows: Int, columns: Int, slices: Int = 1) {
      (self.rows, self.columns, self.slices) = (rows, columns, slices)
    }
  }

  /// Whether it can compute this product with this style: a tile must not have more rows than the
  /// result, and a transposed B must be packed. CLBlast cannot compute empty sums.
  package func serves(_ shape: ProductShape, _ style: WorkStyle) -> Bool {
    switch self {
    case .panel(let panel):
      style == .fat && panel.rows <= shape.m && panel.slices <= max(shape.k, 1)
        && (panel.isPacked || !shape.transposeB)
    case .deep(let deep):
      style == .fat && shape.transposeA && deep.rows <= shape.m && shape.k > 0
    case .block(let block): style == .thin && block.slices <= max(shape.k, 1)
    case .square: style == .thin
    case .clblast: shape.k > 0
    }
  }

  /// Whether it computes the column sums in the same launch.
  var carriesColumnSums: Bool { self != .clblast }

  /// Whether it can compute a loss of the result in the same launch, because each element is summed
  /// completely.
  var carriesLoss: Bool {
    switch self {
    case .panel(let panel): panel.slices == 1
    case .block(let block): block.slices == 1
    case .square: true
    case .deep, .clblast: false
    }
  }
}

/// As text for files and messages: `panel rows=14 shares=2 packed=0 slices=1`, `deep rows=14
/// panels=8 shares=2`, `square tile=64`, `block rows=128 columns=32 slices=4`, `clblast`.
extension ProductCandidate: LosslessStringConvertible, Codable {
  package var description: String {
    switch self {
    case .panel(let panel):
      "panel rows=\(panel.rows) shares=\(panel.shares) packed=\(panel.isPacked ? 1 : 0) "
        + "slices=\(panel.slices)"
    case .deep(let deep): "deep rows=\(deep.rows) panels=\(deep.panels) shares=\(deep.shares)"
    case .square(let tile): "square tile=\(tile)"
    case .block(let block):
      "block rows=\(block.rows) columns=\(block.columns) slices=\(block.slices)"
    case .clblast: "clblast"
    }
  }

  /// - Returns: `nil` unless it is the text of a valid candidate.
  package init?(_ description: String) {
    let words = description.split(separator: " ")
    var fields: [Substring: Int] = [:]
    for word in words.dropFirst() {
      let pair = word.split(separator: "=")
      guard pair.count == 2, let value = Int(pair[1]) else { return nil }
      fields[pair[0]] = value
    }
    func field(_ name: Substring, _ range: ClosedRange<Int>) -> Int? {
      fields[name].flatMap { range.contains($0) ? $0 : nil }
    }
    let counts = 1...65_536
    switch words.first {
    case "panel":
      guard let rows = field("rows", 1...16), let shares = field("shares", counts),
        let packed = field("packed", 0...1), let slices = field("slices", counts)
      else { return nil }
      self = .panel(Panel(rows: rows, shares: shares, isPacked: packed == 1, slices: slices))
    case "deep":
      guard let rows = field("rows", 1...16), let panels = field("panels", 1...64),
        let shares = field("shares", counts)
      else { return nil }
      self = .deep(Deep(rows: rows, panels: panels, shares: shares))
    case "square":
      guard let tile = field("tile", 32...64), tile % 32 == 0 else { return nil }
      self = .square(tile: tile)
    case "block":
      guard let rows = field("rows", 16...128), let columns = field("columns", 16...128),
        let slices = field("slices", counts),
        Self.sides.contains(rows), Self.sides.contains(columns)
      else { return nil }
      self = .block(Block(rows: rows, columns: columns, slices: slices))
    case "clblast": self = .clblast
    default: return nil
    }
    guard self.description == description else { return nil }
  }

  /// The possible sides of blocks.
  private static let sides: Set = [16, 32, 64, 128]

  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let candidate = ProductCandidate(text) else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath,
          debugDescription:
            "expected a product's candidate, such as square tile=64, received \(text)"
        ))
    }
    self = candidate
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
