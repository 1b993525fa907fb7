import Plans

/// How a launch is cut into work-items.
package enum WorkStyle: String, Hashable, Sendable {
  /// Few work-items, each a work-group of its own that loops over float16 vectors: for CPU devices,
  /// whose compilers make little of many small ones.
  case fat
  /// Many work-items of one float each: for GPUs.
  case thin

  package init(for device: DeviceInformation) { self = device.kind == .cpu ? .fat : .thin }
}

/// Work-group counts and sizes for one device.
package struct WorkSizes: Hashable, Sendable {
  let style: WorkStyle
  let computeUnits: Int
  /// Work-items of a flat work-group, a power of two.
  let local: Int

  package init(_ style: WorkStyle, computeUnits: Int, local: Int) {
    (self.style, self.computeUnits, self.local) = (style, computeUnits, local)
  }

  init(_ style: WorkStyle, computeUnits: Int, maximumLocal: Int) {
    self.style = style
    self.computeUnits = max(computeUnits, 1)
    switch style {
    case .fat: local = 1
    case .thin:
      // The columns of `column_sum` and the tiles of `product` are 256 work-items anyway.
      local = [256, 128, 64, 32, 16, 8, 4, 2].first { $0 <= maximumLocal } ?? 1
    }
  }

  var vector: Int { style == .fat ? 16 : 1 }

  /// What every flat kernel is compiled with.
  var defines: [String] { ["VECTOR=\(vector)", "LOCAL=\(local)"] }

  /// Work-groups for `count` elements. On a CPU device four a compute unit are enough to share the
  /// work evenly, and one for less than 1024 elements, as starting one costs as much as those; on a
  /// GPU a work-item an element up to eight groups a compute unit.
  func flatGroups(_ count: Int) -> Int {
    switch style {
    case .fat: min(max(count / 1024, 1), 4 * computeUnits)
    case .thin: min(max((count + local - 1) / local, 1), 8 * computeUnits)
    }
  }

  /// The same for a sum: its groups are its partial sums, which one group adds up.
  func sumGroups(_ count: Int) -> Int { min(flatGroups(count), 256) }

  /// The same for a matrix whose rows each begin with a new vector.
  func cellGroups(rows: Int, columns: Int) -> Int {
    switch style {
    case .fat: min(flatGroups(rows * max(columns, 16)), max(rows, 1))
    case .thin: flatGroups(rows * columns)
    }
  }

  /// Work-groups for a matrix whose rows are each summed by a group.
  func groupsOfRows(_ rows: Int) -> Int {
    switch style {
    case .fat: min(rows, 4 * computeUnits)
    case .thin: rows
    }
  }

  /// Up to how many rows a work-group normalises some channels by itself, rather than shares of the
  /// rows in several launches. One launch then does the
  /// work of five, or of four for the gradient. The limits are reasoned, not measured.
  var fewRows: Int {
    switch style {
    case .fat: 2048
    case .thin: 256
    }
  }

  /// Shares of the rows of a matrix whose columns are summed: enough to keep all compute units busy
  /// where that is worth a second launch.
  func rowShares(_ rows: Int, _ columns: Int) -> Int {
    switch style {
    case .fat: rows * columns < 1 << 16 ? 1 : min(4 * computeUnits, rows / 32 + 1)
    case .thin:
      // A group sums 32 columns and takes at least 64 rows.
      min(max(8 * computeUnits / (columns / 32 + 1), 1), rows / 64 + 1)
    }
  }
}
