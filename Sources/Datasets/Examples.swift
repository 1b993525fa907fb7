/// Examples of one shape, packed one after the other, with or without labels.
///
/// Invariant: `count · featureCount == elements.count`, and labels, where there are any, number
/// `count`. Where examples are windows of a series, `elements` are its rows, each once, and
/// `rowCount · rowSize == elements.count`; the series' labels are `windows.rowLabels`. A value is NaN where it is missing, and only there; on a device such values lie only
/// where the data are read with `missing: mask`.
package struct Examples: Hashable, Sendable {
  /// How many examples there are.
  package let count: Int
  /// The shape of one example: `[H, W, C]` for an image, `[features]` for a row of a table,
  /// `[T, C]` for a window of a series.
  package let shape: [Int]
  /// `[count] + shape`, row-major; of windows `[rowCount, C]`.
  package let elements: Elements
  /// The class of each example, `[count]`.
  package let labels: [Int32]?
  /// What each example is called, `[count]`: of an image, its file's path within the folder.
  package let names: [String]?
  /// Whether a value is missing. Missing values are NaN, and nothing else is.
  package let hasMissing: Bool
  /// Where examples are windows of a series: which rows are theirs.
  package let windows: SeriesWindows?

  /// The values as they lie on the device, or as they were read.
  package enum Elements: Hashable, Sendable {
    /// Pixels, 0 to 255.
    case bytes([UInt8])
    case floats([Float])
    /// Numbers of a table or of an array of 64 bits; `FeatureScaling.scaled` makes floats of them
    /// before they lie on a device, so that nothing is rounded before it is scaled.
    case doubles([Double])

    package var count: Int {
      switch self {
      case .bytes(let bytes): bytes.count
      case .floats(let floats): floats.count
      case .doubles(let doubles): doubles.count
      }
    }

    package var byteCount: Int {
      switch self {
      case .bytes(let bytes): bytes.count
      case .floats(let floats): floats.count * MemoryLayout<Float>.stride
      case .doubles(let doubles): doubles.count * MemoryLayout<Double>.stride
      }
    }

    fileprivate var hasNaN: Bool {
      switch self {
      case .bytes: false
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
      precondition(size == windows.length * rowSize, "a window has whole rows")
      precondition(windows.starts.count == count, "not one start to a window")
      let rowCount = elements.count / rowSize
      precondition(elements.count == rowCount * rowSize, "elements do not fill the rows")
      precondition(
        windows.starts.allSatisfy { $0 >= 0 && Int($0) + windows.length <= rowCount },
        "windows lie within the series")
      precondition(
        windows.rowLabels.map { $0.count == rowCount } ?? true, "not one label to a row")
    } else {
      precondition(elements.count == count * size, "elements do not fill the examples")
    }
    precondition(labels == nil || labels?.count == count, "not one label to an example")
    precondition(names == nil || names?.count == count, "not one name to an example")
    self.count = count
    self.shape = shape
    self.elements = elements
    self.labels = labels
    self.names = names
    self.windows = windows
    hasMissing = elements.hasNaN
  }

  /// Values in one example: the product of its shape.
  package var featureCount: Int { shape.reduce(1, *) }

  /// The first `limit` examples, or all of them where there are fewer.
  package func prefix(_ limit: Int) -> Examples {
    limit >= count ? self : self[0..<max(limit, 0)]
  }

  /// The examples of a range within `0..<count`, copied.
  package subscript(range: Range<Int>) -> Examples {
    if let windows { return cut(windows, to: range) }
    let values = range.lowerBound * featureCount..<range.upperBound * featureCount
    let part: Elements =
      switch elements {
      case .bytes(let bytes): .bytes(Array(bytes[values]))
      case .floats(let floats): .floats(Array(floats[values]))
      case .doubles(let doubles): .doubles(Array(doubles[values]))
      }
    return Examples(
      count: range.count, shape: shape, elements: part, labels: labels.map { Array($0[range]) },
      names: names.map { Array($0[range]) })
  }

  /// The same examples with other values, or other labels.
  package func with(elements: Elements? = nil, labels: [Int32]?) -> Examples {
    Examples(
      count: count, shape: shape, elements: elements ?? self.elements, labels: labels, names: names,
      windows: windows)
  }
}
