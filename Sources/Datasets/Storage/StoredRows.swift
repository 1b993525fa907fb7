/// Examples that stay in their files, and are read part by part.
package struct StoredRows: Hashable, Sendable {
  /// The type of numbers in the files.
  package let element: StoredElement
  /// Values of a row.
  package let rowSize: Int
  /// The places of the rows that are in use.
  let rows: Range<Int>
  /// Which rows of the files have places.
  private(set) var selection = RowSelection.all
  /// The smallest and the largest value in the files that is not missing, or of the scaled rows.
  package internal(set) var least, greatest: Double
  /// Whether all are known to be whole numbers.
  package internal(set) var areWhole = false
  /// Missing values in the files, or in the scaled rows.
  package internal(set) var missingCount: Int
  /// Mean and deviation of each feature over the rows in use, if they are needed.
  package internal(set) var moments: Moments?
  /// The scaling of numbers as they are read, which then are floats.
  package internal(set) var scaling: FeatureScaling?
  /// Features that are 0 in every scaled row.
  package internal(set) var constantFeatures: [Int] = []
  /// Whether the rows are always read in their order.
  package var isReadInOrder = false
  /// The bytes of neighbouring rows that are read at once while training.
  package var chunkByteCount = 4 << 20
  private let files: [RowFile]

  package struct Moments: Hashable, Sendable {
    let means, deviations: [Double]
  }

  /// All rows of some files.
  init(_ files: [RowFile], rowSize: Int, _ range: StoredRange) {
    (self.files, element, self.rowSize) = (files, range.element, rowSize)
    (least, greatest) = range.values ?? (0, 0)
    missingCount = range.missingCount
    rows = 0..<files.map(\.rowCount).reduce(0, +)
  }

  package var count: Int { rows.count }
  /// The first of their files.
  var path: String { files[0].path }
  /// The type of numbers as they are read: a device has no doubles.
  package var elementAsRead: StoredElement { scaling == nil ? element : .float32 }
  /// The bytes of a row as it is read.
  package var rowByteCount: Int { rowSize * elementAsRead.byteCount }
  /// The bytes of a row in its file.
  var storedRowByteCount: Int { rowSize * element.byteCount }
  /// The bytes of these rows in their files.
  package var storedByteCount: Int { count * storedRowByteCount }

  /// Part of these rows.
  package subscript(part: Range<Int>) -> StoredRows {
    var result = StoredRows(
      self, rows.lowerBound + part.lowerBound..<rows.lowerBound + part.upperBound)
    result.selection = selection
    return result
  }

  /// These rows without some, and those alone.
  /// - Parameter held: rows in ascending order.
  func split(holdingOut held: [Int]) -> (kept: StoredRows, held: StoredRows) {
    precondition(selection == .all, "rows are held out once")
    let held = rows.lowerBound == 0 ? held : held.map { $0 + rows.lowerBound }
    var kept = StoredRows(self, rows.lowerBound..<rows.upperBound - held.count)
    kept.selection = .without(held)
    var others = StoredRows(self, 0..<held.count)
    others.selection = .only(held)
    return (kept, others)
  }

  private init(_ whole: StoredRows, _ rows: Range<Int>) {
    (files, element, rowSize) = (whole.files, whole.element, whole.rowSize)
    (least, greatest, chunkByteCount) = (whole.least, whole.greatest, whole.chunkByteCount)
    (missingCount, scaling) = (whole.missingCount, whole.scaling)
    (isReadInOrder, areWhole) = (whole.isReadInOrder, whole.areWhole)
    self.rows = rows
  }

  /// The rows of several sets of files, one after the other.
  static func joined(_ parts: [StoredRows]) -> StoredRows {
    let first = parts[0]
    precondition(
      parts.allSatisfy {
        $0.element == first.element && $0.rowSize == first.rowSize && $0.selection == .all
          && $0.rows.lowerBound == 0 && $0.rows.count == $0.files.map(\.rowCount).reduce(0, +)
      }, "only all rows of files of one type can be joined")
    var range = StoredRange(first.element, mayMiss: true)
    for part in parts { range.add(part) }
    return StoredRows(parts.flatMap(\.files), rowSize: first.rowSize, range)
  }

  /// Reads rows of the files, counted over all of them.
  func read(
    rowsOfFiles wanted: Range<Int>, into bytes: UnsafeMutableRawBufferPointer
  ) throws(DatasetError) {
    var wanted = wanted
    var first = 0
    var place = 0
    for file in files {
      let here = wanted.clamped(to: first..<first + file.rowCount)
      if !here.isEmpty {
        let count = here.count * storedRowByteCount
        try file.read(
          here.lowerBound - first..<here.upperBound - first,
          into: UnsafeMutableRawBufferPointer(rebasing: bytes[place..<place + count]))
        place += count
        wanted = here.upperBound..<wanted.upperBound
      }
      first += file.rowCount
    }
  }
}
