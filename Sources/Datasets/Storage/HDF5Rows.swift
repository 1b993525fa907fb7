import CHDF5
import Synchronization

/// Rows of an HDF5 data set that its library reads: those of chunks, which may be compressed.
///
/// `@unchecked Sendable`: the handle is used by one thread at a time.
final class HDF5Rows: @unchecked Sendable {
  /// HDF5's library is used by one thread at a time.
  static let library = Mutex<Void>(())

  private let path: String
  let dataset: String
  private let rows: OpaquePointer

  /// Throws if the data set cannot be opened.
  init(_ path: String, _ dataset: String) throws(DatasetError) {
    guard let rows = Self.library.withLock({ _ in chdf5_open_rows(path, dataset) }) else {
      throw .unreadable(path: path, reason: "HDF5's library cannot open \(dataset.printable())")
    }
    (self.path, self.dataset, self.rows) = (path, dataset, rows)
  }

  deinit { Self.library.withLock { _ in chdf5_close_rows(rows) } }

  func read(_ part: Range<Int>, into bytes: UnsafeMutableRawBufferPointer) throws(DatasetError) {
    guard !part.isEmpty else { return }
    let status = Self.library.withLock { _ in
      chdf5_read_rows(
        rows, UInt64(part.lowerBound), UInt64(part.count), bytes.baseAddress!)
    }
    guard status == 0 else {
      throw .unexpected(
        place: path, expected: "numbers in \(dataset.printable()) that HDF5's library can read",
        received: "an error from row \(part.lowerBound) on",
        advice:
          "if another program reads them, they may be compressed by a filter of its own: rewrite the file "
          + "with h5repack -f GZIP=1 in.h5 out.h5 there")
    }
  }
}
