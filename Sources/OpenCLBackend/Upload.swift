import COpenCL
import Plans

/// Writes rows of a buffer while plans run: by a queue of its own, from two pieces of memory that
/// the device can read by itself. One is filled while the other is copied.
///
/// It may be used by another thread than the rest of its backend, one at a time.
final class Upload {
  private let target: Buffer
  private let rowByteCount: Int
  private let queue: Queue
  private let pieces: [Piece]
  private let rowsOfAPiece: Int

  /// Large enough for the full speed of a bus, small beside a window of examples.
  private static let pieceByteCount = 8 << 20

  init(
    _ target: Buffer, rowByteCount: Int, _ backend: OpenCLBackend
  ) throws(OpenCLError) {
    self.target = target
    self.rowByteCount = rowByteCount
    queue = try backend.makeQueueForUploads()
    rowsOfAPiece = max(Self.pieceByteCount / max(rowByteCount, 1), 1)
    var pieces: [Piece] = []
    for _ in 0..<2 {
      try pieces.append(Piece(byteCount: rowsOfAPiece * rowByteCount, queue, backend))
    }
    self.pieces = pieces
  }

  /// Writes these rows of the buffer, and waits for them.
  /// - Parameter read: fills memory with a range of the rows, counted from 0.
  func run(
    _ rows: Range<Int>, _ read: (Range<Int>, UnsafeMutableRawBufferPointer) throws -> Void
  ) throws {
    // Nothing may be copied from the memory any more when this returns, even with an error.
    defer { for piece in pieces { piece.forget() } }
    for (turn, first) in stride(from: 0, to: rows.count, by: rowsOfAPiece).enumerated() {
      let part = first..<min(first + rowsOfAPiece, rows.count)
      let piece = pieces[turn % pieces.count]
      try piece.wait()
      let bytes = UnsafeMutableRawBufferPointer(
        rebasing: piece.bytes[..<(part.count * rowByteCount)])
      try read(part, bytes)
      try piece.copy(
        bytes.count, to: target, at: (rows.lowerBound + part.lowerBound) * rowByteCount)
    }
    for piece in pieces { try piece.wait() }
  }
}

/// A piece of memory, and the copy that reads it.
private final class Piece {
  private let memory: PinnedMemory
  private let queue: Queue
  private var event: cl_event?

  var bytes: UnsafeMutableRawBufferPointer { memory.bytes }

  init(byteCount: Int, _ queue: Queue, _ backend: OpenCLBackend) throws(OpenCLError) {
    self.queue = queue
    memory = try PinnedMemory(byteCount: byteCount, queue, backend)
  }

  deinit { forget() }

  /// Starts a copy of its first bytes.
  func copy(_ count: Int, to target: Buffer, at offset: Int) throws(OpenCLError) {
    var event: cl_event?
    try check(
      clEnqueueWriteBuffer(
        queue.handle, target.handle, cl_bool(CL_FALSE), offset, count, bytes.baseAddress!, 0, nil,
        &event), "clEnqueueWriteBuffer")
    self.event = event
    try queue.flush()
  }

  /// Waits for the copy.
  func wait() throws(OpenCLError) {
    guard event != nil else { return }
    let status = queue.watch.waiting(for: "clWaitForEvents") { clWaitForEvents(1, &event) }
    clReleaseEvent(event)
    event = nil
    try check(status, "clWaitForEvents")
  }

  /// The same, whatever becomes of the copy.
  func forget() { try? wait() }
}
