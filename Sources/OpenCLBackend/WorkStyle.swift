import Plans

/// How a launch is divided into work-items.
package enum WorkStyle: String, Hashable, Sendable {
  /// Few work-items, each a separate work-group that loops over float16 vectors: for CPU devices,
  /// whose compilers are bad at many small work-items.
  case fat
  /// Many work-items of one float each: for GPUs.
  case thin

  /// llvmpipe, Mesa's driver for CPUs, makes vectors of work-items as a GPU does, and compiles kernels
  /// of vectors for many minutes.
  package init(for device: DeviceInformation) {
    self = device.kind == .cpu && !device.name.hasPrefix("llvmpipe") ? .fat : .thin
  }
}

/// Work-group counts and sizes for one device.
package struct WorkSizes: Hashable, Sendable {
  let style: WorkStyle
  let computeUnits: Int
  /// Work-items per flat work-group, a power of two.
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
      // `column_sum` and the tiles of `product` always have 256 work-items.
      local = [256, 128, 64, 32, 16, 8, 4, 2].first { $0 <= maximumLocal } ?? 1
    }
  }

  var vector: Int { style == .fat ? 16 : 1 }

  /// The defines of every flat kernel.
  var defines: [String] { ["VECTOR=\(vector)", "LOCAL=\(local)"] }

  /// Work-groups for `count` elements. On a CPU device, four per compute unit divide the work
  /// evenly, and one is enough below 1024 elements, because starting one costs as much as these; on
  /// a GPU, one work-item per element up to eight groups per compute unit.
  func flatGroups(_ count: Int) -> Int {
    switch style {
    case .fat: min(max(count / 1024, 1), 4 * computeUnits)
    case .thin: min(max((count + local - 1) / local, 1), 8 * computeUnits)
    }
  }

  /// The same for a sum: each group computes a partial sum, and one group adds these up.
  func sumGroups(_ count: Int) -> Int { min(flatGroups(count), 256) }

  /// The same for a matrix whose rows each begin with a new vector.
  func cellGroups(rows: Int, columns: Int) -> Int {
    switch style {
    case .fat: min(flatGroups(rows * max(columns, 16)), max(rows, 1))
    case .thin: flatGroups(rows * columns)
    }
  }

  /// Work-groups for a matrix with one group per row.
  func groupsOfRows(_ rows: Int) -> Int {
    switch style {
    case .fat: min(rows, 4 * computeUnits)
    case .thin: rows
    }
  }

  /// The largest number of rows for which a work-group normalizes some channels completely, in
  /// place of several launches over parts of the rows. A single launch then replaces five, or four
  /// for the gradient. The limits are estimated, not measured.
  var fewRows: Int {
    switch style {
    case .fat: 2048
    case .thin: 256
    }
  }

  /// The number of parts into which the rows of a matrix are divided to sum its columns: enough to
  /// keep all compute units busy, if that is worth a second launch.
  func rowShares(_ rows: Int, _ columns: Int) -> Int {
    switch style {
    case .fat: rows * columns < 1 << 16 ? 1 : min(4 * computeUnits, rows / 32 + 1)
    case .thin:
      // A group sums 32 columns over at least 64 rows.
      min(max(8 * computeUnits / (columns / 32 + 1), 1), rows / 64 + 1)
    }
  }
}
