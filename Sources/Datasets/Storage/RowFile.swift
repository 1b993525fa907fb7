import Glibc

/// Rows of numbers in a file, one after the other, read by `pread` from any thread; those of an HDF5 file
/// that lie in chunks by its library.
final class RowFile: Sendable {
  let path: String
  private let descriptor: Int32
  /// Bytes before the first row, and of each.
  let offset: Int
  let rowByteCount: Int
  let rowCount: Int
  /// The file's size when it was opened.
  let byteCount: Int
  private let chunks: HDF5Rows?

  /// Throws if the file cannot be opened, or is too short for its rows.
  init(
    _ path: String, offset: Int, rowByteCount: Int, rowCount: Int, chunks: HDF5Rows? = nil
  ) throws(DatasetError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.failure(path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .unreadable(path: path, reason: "it is not a regular file")
    }
    byteCount = Int(status.st_size)
    self.chunks = chunks
    guard chunks != nil || offset + rowCount * rowByteCount <= byteCount else {
      close(descriptor)
      throw .truncated(
        path: path, expected: offset + rowCount * rowByteCount, received: byteCount)
    }
    (self.path, self.descriptor, self.offset) = (path, descriptor, offset)
    (self.rowByteCount, self.rowCount) = (rowByteCount, rowCount)
  }

  deinit { close(descriptor) }

  /// Reads these rows.
  func read(_ rows: Range<Int>, into bytes: UnsafeMutableRawBufferPointer) throws(DatasetError) {
    precondition(bytes.count == rows.count * rowByteCount && rows.upperBound <= rowCount)
    if let chunks { return try chunks.read(rows, into: bytes) }
    try read(at: offset + rows.lowerBound * rowByteCount, into: bytes)
  }

  /// Reads bytes from an offset of the file.
  func read(at start: Int, into bytes: UnsafeMutableRawBufferPointer) throws(DatasetError) {
    var done = 0
    while done < bytes.count {
      let count = pread(
        descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(start + done))
      if count < 0 {
        if errno == EINTR { continue }
        throw Self.failure(path)
      }
      guard count > 0 else {
        throw .truncated(path: path, expected: byteCount, received: start + done)
      }
      done += count
    }
  }

  private static func failure(_ path: String) -> DatasetError {
    .unreadable(path: path, reason: String(cString: strerror(errno)).lowercased())
  }
}

extension RowFile: Hashable {
  static func == (one: RowFile, other: RowFile) -> Bool {
    one.path == other.path && one.offset == other.offset && one.rowCount == other.rowCount
      && one.rowByteCount == other.rowByteCount && one.chunks?.dataset == other.chunks?.dataset
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(path)
    hasher.combine(offset)
  }
}
