import Glibc
import Protobuf

/// An event file for TensorBoard: `Event` messages as records, appended one by one.
///
/// A record is the message's length (64 bits, little-endian), its masked checksum, the message, and
/// its masked checksum. Fields: `tensorboard/compat/proto/event.proto` and `summary.proto`.
package final class EventFile {
  private let path: String
  private var file: UnsafeMutablePointer<FILE>?
  /// Why events are missing.
  package private(set) var note: String?

  /// Creates the file, or empties it.
  package init(_ path: String) {
    self.path = path
    file = fopen(path, "we")
    check(file != nil)
    var event = ProtobufMessage()
    event.add(Field.wallTime, Self.now)
    event.add(Field.fileVersion, "brain.Event:2")
    append(event)
  }

  deinit {
    if let file { fclose(file) }
  }

  /// Adds a number with a tag, at a step.
  package func add(_ tag: String, _ value: Double, step: Int) {
    var entry = ProtobufMessage()
    entry.add(Field.tag, tag)
    entry.add(Field.simpleValue, Float(value))
    append(entry, step)
  }

  /// Adds a picture with a tag, at a step.
  /// - Parameter png: the bytes of a PNG file.
  package func add(_ tag: String, png: [UInt8], width: Int, height: Int, step: Int) {
    var image = ProtobufMessage()
    image.add(Field.height, height)
    image.add(Field.width, width)
    image.add(Field.colorspace, Field.rgb)
    image.add(Field.encodedImage, png)
    var entry = ProtobufMessage()
    entry.add(Field.tag, tag)
    entry.add(Field.image, image)
    append(entry, step)
  }

  private func append(_ entry: ProtobufMessage, _ step: Int) {
    var summary = ProtobufMessage()
    summary.add(Field.entry, entry)
    var event = ProtobufMessage()
    event.add(Field.wallTime, Self.now)
    event.add(Field.step, step)
    event.add(Field.summary, summary)
    append(event)
  }

  private func append(_ event: ProtobufMessage) {
    guard let file else { return }
    let length = withUnsafeBytes(of: UInt64(event.bytes.count).littleEndian) { Array($0) }
    var record = length + Self.bytes(Checksum.masked(length))
    record += event.bytes
    record += Self.bytes(Checksum.masked(event.bytes))
    check(fwrite(record, 1, record.count, file) == record.count && fflush(file) == 0)
  }

  private static func bytes(_ value: UInt32) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private func check(_ succeeded: Bool) {
    guard !succeeded, note == nil else { return }
    note =
      "\(path): not all events could be written: "
      + String(cString: strerror(errno)).lowercased()
  }

  /// Field numbers.
  private enum Field {
    /// Of `Event`.
    static let (wallTime, step, fileVersion, summary) = (1, 2, 3, 5)
    /// Of `Summary`, and of its `Value`.
    static let (entry, tag, simpleValue, image) = (1, 1, 2, 4)
    /// Of `Image`.
    static let (height, width, colorspace, encodedImage) = (1, 2, 3, 4)
    static let rgb = 3
  }
}

/// CRC-32C (Castagnoli), the checksum of event records.
package enum Checksum {
  /// `((c >> 15) | (c << 17)) + 0xa282ead8`: masked, because the checksum of data that contain a
  /// checksum is problematic.
  package static func masked(_ bytes: [UInt8]) -> UInt32 {
    let sum = castagnoli(bytes)
    return (sum >> 15 | sum << 17) &+ 0xa282_ead8
  }

  /// The remainder of the polynomial 0x1EDC6F41, bit-reversed.
  package static func castagnoli(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { sum, byte in sum >> 8 ^ table[Int((sum ^ UInt32(byte)) & 0xFF)] }
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { sum, _ in sum >> 1 ^ (sum & 1 == 1 ? 0x82F6_3B78 : 0) }
  }
}
