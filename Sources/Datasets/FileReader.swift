import Glibc

/// A regular file that is read sequentially and hashed at the same time, so that it need not fit
/// into memory. Its end is that at the time of opening.
final class FileReader: ByteReader {
  let path: String
  /// The file's size at the time of opening.
  let byteCount: Int
  let descriptor: Int32
  private var position = 0
  private var hash: SHA256?
  private var progress: LongReading

  /// Larger files are not read to the end only for the hash.
  private static let largestHashed = 1 << 30

  /// Throws `.unreadable` with the system's reason; also for devices and pipes, which have no size.
  init(_ path: String) throws(DatasetError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.failure(path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      close(descriptor)
      throw Self.failure(path)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .unreadable(path: path, reason: "it is not a regular file")
    }
    self.path = path
    self.descriptor = descriptor
    byteCount = Int(status.st_size)
    progress = LongReading(path, of: byteCount)
    hash = try SHA256()
  }

  deinit {
    close(descriptor)
  }

  var largestCount: Int { byteCount - position }

  func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(DatasetError) -> Int {
    let wanted = min(buffer.count, largestCount)
    var received = 0
    while received < wanted {
      let piece = UnsafeMutableRawBufferPointer(
        rebasing: buffer[received..<min(wanted, received + 1 << 20)])
      let count = Glibc.read(descriptor, piece.baseAddress, piece.count)
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw Self.failure(path)
      }
      hash?.update(UnsafeRawBufferPointer(rebasing: piece[..<count]))
      received += count
    }
    position += received
    progress.add(received)
    return received
  }

  /// The first bytes, or those from an offset; they will be read again.
  func peek(_ count: Int, at offset: Int = 0) throws(DatasetError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let received = pread(descriptor, &bytes, count, off_t(offset))
    guard received >= 0 else { throw Self.failure(path) }
    return Array(bytes.prefix(received))
  }

  /// The file and its hash; it cannot be read afterwards. The rest of the file is read for the
  /// hash, unless the file is larger than 1 GiB: then the hash is that of the part that was read.
  func finish() throws(DatasetError) -> DatasetFile {
    if byteCount <= Self.largestHashed {
      var reader = self
      _ = try reader.skipToEnd()
    }
    let hash = self.hash.take()!.finish()
    return DatasetFile(
      path: path, sha256: hash, hashedByteCount: position < byteCount ? position : nil)
  }

  private static func failure(_ path: String) -> DatasetError {
    .unreadable(path: path, reason: String(cString: strerror(errno)).lowercased())
  }
}
