/// Examples of one shape in a contiguous array, with or without labels.
///
/// Invariant: `count · featureCount == elements.count`, and there are `count` labels, if any. If
/// examples are windows of a series, `elements` contains its rows, each once, and `rowCount ·
/// rowSize == elements.count`; the labels of the rows are `windows.rowLabels`. A missing value is
/// NaN, and no other value is; on a device, there are such values only if the data are read with
/// `missing: mask`.
package struct Examples: Hashable, Sendable {
  /// The number of examples.
  package let count: Int
  /// The shape of one example: `[H, W, C]` for an image, `[features]` for a row of a table,
  /// `[T, C]` for a window of a series.
  package let shape: [Int]
  /// `[count] + shape`, row-major; for windows `[rowCount, C]`.
  package let elements: Elements
  /// The class of each example, `[count]`.
  package let labels: [Int32]?
  /// The name of each example, `[count]`: for an image, its file's path within the folder.
  package let names: [String]?
  /// Whether a value is missing. Missing values, and only these, are NaN.
  package let hasMissing: Bool
  /// If examples are windows of a series: the rows of each window.
  package let windows: SeriesWindows?

  /// The values as on the device, or as they were read.
  package enum Elements: Hashable, Sendable {
    /// Pixels, 0 to 255.
    case bytes([UInt8])
    case floats([Float])
    /// Numbers of a table or of a 64-bit array. `FeatureScaling.scaled` converts them to floats
    /// before they are copied to a device, so that nothing is rounded before scaling.
    case doubles([Double])
    /// Rows that stay in their files.
    case stored(StoredRows)

    package var count: Int {
      switch self {
      case .bytes(let bytes): bytes.count
      case .floats(let floats): floats.count
      case .doubles(let doubles): doubles.count
      case .stored(let rows): rows.count * rows.rowSize
      }
    }

    /// Why a value cannot be had: only reading can tell it, which may fail.
    package static let isStored = "the values of stored examples must be read first"

    package var byteCount: Int {
      switch self {
      case .bytes(let bytes): bytes.count
      case .floats(let floats): floats.count * MemoryLayout<Float>.stride
      case .doubles(let doubles): doubles.count * MemoryLayout<Double>.stride
      case .stored(let rows): rows.count * rows.rowByteCount
      }
    }

    fileprivate var hasNaN: Bool {
      switch self {
      case .bytes: false
      case .stored(let rows): rows.missingCount > 0
      case .floats(let floats): floats.contains(where: \.isNaN)
      case .doubles(let doubles): doubles.contains(where: \.isNaN)
      }
    }
  }

  package init(
    count: Int, shape: [Int], elements: Elements, labels: [Int32]? = nil, names: [String]? = nil,
    windows: SeriesWindows? = nil
  ) {
    let size = shape.reduce(1, *)
    if let windows {
      let rowSize = size / windows.length
      precondition(size == windows.length * rowSize, "a window must have whole rows")
      precondition(windows.starts.count == count, "one start per window is needed")
      let rowCount = elements.count / rowSize
      precondition(elements.count == rowCount * rowSize, "elements must fill the rows")
      precondition(
        windows.starts.allSatisfy { $0 >= 0 && Int($0) + windows.length <= rowCount },
        "windows must be within the series")
      precondition(
        windows.rowLabels.map { $0.count == rowCount } ?? true, "one label per row is needed")
    } else {
      precondition(elements.count == count * size, "elements must fill the examples")
    }
    precondition(labels == nil || labels?.count == count, "one label per example is needed")
    precondition(names == nil || names?.count == count, "one name per example is needed")
    self.count = count
    self.shape = shape
    self.elements = elements
    self.labels = labels
    self.names = names
    self.windows = windows
    hasMissing = elements.hasNaN
  }

  /// The stored rows, if the examples stay in their files.
  package var stored: StoredRows? {
    if case .stored(let rows) = elements { rows } else { nil }
  }

  /// Whether the values are bytes, in memory or in their files.
  package var areBytes: Bool {
    if case .bytes = elements { true } else { stored?.elementAsRead == .uint8 }
  }

  /// Whether the values are doubles, in memory or in their files.
  package var areDoubles: Bool {
    if case .doubles = elements { true } else { stored?.elementAsRead == .float64 }
  }

  /// Whether the values are scaled as they are read, if only by 1: doubles, which a device does not have,
  /// and missing values that stay in their files, which are counted so.
  package var areScaledAsRead: Bool { areDoubles || stored != nil && hasMissing }

  /// These examples in memory.
  package func loaded() throws(DatasetError) -> Examples {
    guard let stored else { return self }
    return with(elements: try stored.loaded(), labels: labels)
  }

  /// Values in one example: the product of its shape.
  package var featureCount: Int { shape.reduce(1, *) }

  /// The first `limit` examples, or all if there are fewer.
  package func prefix(_ limit: Int) -> Examples {
    limit >= count ? self : self[0..<max(limit, 0)]
  }

  /// A copy of the examples in a range within `0..<count`.
  package subscript(range: Range<Int>) -> Examples {
    if let windows { return cut(windows, to: range) }
    let values = range.lowerBound * featureCount..<range.upperBound * featureCount
    let part: Elements =
      switch elements {
      case .bytes(let bytes): .bytes(Array(bytes[values]))
      case .floats(let floats): .floats(Array(floats[values]))
      case .doubles(let doubles): .doubles(Array(doubles[values]))
      case .stored(let rows): .stored(rows[range])
      }
    return Examples(
      count: range.count, shape: shape, elements: part, labels: labels.map { Array($0[range]) },
      names: names.map { Array($0[range]) })
  }

  /// The same examples with other values or labels.
  package func with(elements: Elements? = nil, labels: [Int32]?) -> Examples {
    Examples(
      count: count, shape: shape, elements: elements ?? self.elements, labels: labels, names: names,
      windows: windows)
  }
}
