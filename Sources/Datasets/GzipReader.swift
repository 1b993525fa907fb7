import CZlib

/// The decoded bytes of a gzip stream, read piece by piece, so that the reader limits the memory.
/// Concatenated members are read as one stream.
struct GzipReader: ByteReader, ~Copyable {
  private let compressed: [UInt8]
  private let path: String
  private var position = 0
  private var isAtEnd = false
  // On the heap, because zlib keeps a pointer to it.
  private let stream: UnsafeMutablePointer<z_stream>

  /// The largest number of bytes that deflate makes from one byte.
  static let largestRatio = 1032

  init(_ compressed: [UInt8], path: String) {
    self.compressed = compressed
    self.path = path
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15 window bits, plus 16 for gzip framing with its checksum.
    let status = inflateInit2_(
      stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "zlib: out of memory, or another version than its header")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  static func isGzip(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x1f, 0x8b])
  }

  /// 64 KiB more than the ratio allows, for input that zlib holds back.
  var largestCount: Int { (compressed.count - position) * Self.largestRatio + 65_536 }

  /// Decodes until the buffer is full or the stream ends.
  mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(DatasetError) -> Int {
    var received = 0
    while received < buffer.count && !isAtEnd {
      let (status, made) = inflateOnce(
        UnsafeMutableRawBufferPointer(rebasing: buffer[received...])
          .bindMemory(to: UInt8.self))
      received += made
      switch status {
      case Z_OK: break
      case Z_STREAM_END: try startNextMember()
      case Z_BUF_ERROR: throw .gzipTruncated(path: path, byteCount: compressed.count)
      case Z_DATA_ERROR, Z_NEED_DICT: throw .gzipCorrupt(path: path, offset: position)
      default: preconditionFailure("zlib: inflate returned \(status)")
      }
    }
    return received
  }

  /// One call of `inflate`. zlib's counters have 32 bits, so longer buffers need several calls.
  private mutating func inflateOnce(
    _ output: UnsafeMutableBufferPointer<UInt8>
  ) -> (status: Int32, made: Int) {
    let room = UInt32(clamping: output.count)
    let (status, left) = compressed.withUnsafeBufferPointer { input in
      let rest = UnsafeMutableBufferPointer(
        mutating: UnsafeBufferPointer(rebasing: input[position...]))
      let given = UInt32(clamping: rest.count)
      stream.pointee.next_in = rest.baseAddress
      stream.pointee.avail_in = given
      stream.pointee.next_out = output.baseAddress
      stream.pointee.avail_out = room
      let status = inflate(stream, Z_NO_FLUSH)
      return (status, given - stream.pointee.avail_in)
    }
    position += Int(left)
    return (status, Int(room - stream.pointee.avail_out))
  }

  private mutating func startNextMember() throws(DatasetError) {
    if position == compressed.count {
      isAtEnd = true
    } else if compressed[position...].starts(with: [0x1f, 0x8b]) {
      inflateReset(stream)
    } else {
      throw .gzipTrailingBytes(path: path, count: compressed.count - position)
    }
  }
}
