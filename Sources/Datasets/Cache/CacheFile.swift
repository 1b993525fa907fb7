import Glibc

/// A new file of the cache.
final class CacheFile {
  private let path: String
  private let descriptor: Int32
  private(set) var byteCount = 0

  /// A file that is there already is emptied.
  init(_ path: String) throws(DatasetError) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Self.failure(path, errno) }
    self.path = path
  }

  deinit { close(descriptor) }

  /// Writes at the end.
  func append<Number: BitwiseCopyable>(_ numbers: [Number]) throws(DatasetError) {
    try write(numbers, at: byteCount)
    byteCount += numbers.count * MemoryLayout<Number>.stride
  }

  func write<Number: BitwiseCopyable>(
    _ numbers: [Number], at offset: Int
  ) throws(DatasetError) {
    // `withUnsafeBytes` has no typed errors.
    let result = numbers.withUnsafeBytes { bytes in
      Result { () throws(DatasetError) in try write(bytes, at: offset) }
    }
    try result.get()
  }

  private func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(DatasetError) {
    var done = 0
    while done < bytes.count {
      let count = pwrite(
        descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
      if count < 0 {
        if errno == EINTR { continue }
        throw Self.failure(path, errno)
      }
      done += count
    }
  }

  static func failure(_ path: String, _ code: Int32) -> DatasetError {
    .unexpected(
      place: path, expected: "to write what stays out of memory",
      received: String(cString: strerror(code)).lowercased(), advice: advice)
  }

  static let advice = "free some disk space, or name another cache folder with AEGPU_CACHE_DIR"

  /// The beginning of an NPY file in C order, before its numbers.
  /// - Parameter type: NumPy's name of the type, such as `<f8`.
  static func npyHeader(_ type: String, _ shape: [Int]) -> [UInt8] {
    let sizes = shape.map { "\($0)," }.joined(separator: " ")
    let text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }"
    let blanks = String(repeating: " ", count: npyHeaderByteCount - 11 - text.utf8.count)
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(npyHeaderByteCount - 10), 0]
      + Array("\(text)\(blanks)\n".utf8)
  }

  /// With room for any two dimensions.
  static let npyHeaderByteCount = 128
}
