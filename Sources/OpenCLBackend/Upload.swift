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
  private let pieces: [PinnedMemory]
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
    var pieces: [PinnedMemory] = []
    for _ in 0..<2 {
      try pieces.append(
        PinnedMemory(byteCount: rowsOfAPiece * rowByteCount, queue, backend))
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

/// Memory of the host that the device can read by itself.
private final class PinnedMemory {
  let bytes: UnsafeMutableRawBufferPointer
  private let handle: cl_mem
  private let queue: Queue
  private let memory: MemoryTally
  /// The copy that reads it, if there is one.
  private var event: cl_event?

  init(byteCount: Int, _ queue: Queue, _ backend: OpenCLBackend) throws(OpenCLError) {
    self.queue = queue
    memory = backend.memory
    var status: cl_int = CL_SUCCESS
    let handle = try check(
      queue.watch.waiting(for: "clCreateBuffer") {
        clCreateBuffer(
          backend.context.handle, cl_mem_flags(CL_MEM_READ_WRITE | CL_MEM_ALLOC_HOST_PTR),
          byteCount, nil, &status)
      }, status, "clCreateBuffer")
    let address = queue.watch.waiting(for: "clEnqueueMapBuffer") {
      clEnqueueMapBuffer(
        queue.handle, handle, cl_bool(CL_TRUE), cl_map_flags(CL_MAP_WRITE), 0, byteCount, 0, nil,
        nil, &status)
    }
    guard let address, status == CL_SUCCESS else {
      clReleaseMemObject(handle)
      throw .call(name: "clEnqueueMapBuffer", status: status)
    }
    self.handle = handle
    bytes = UnsafeMutableRawBufferPointer(start: address, count: byteCount)
    memory.add(byteCount)
  }

  deinit {
    forget()
    clEnqueueUnmapMemObject(queue.handle, handle, bytes.baseAddress!, 0, nil, nil)
    _ = queue.watch.waiting(for: "clFinish") { clFinish(queue.handle) }
    clReleaseMemObject(handle)
    memory.remove(bytes.count)
  }

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

  /// Waits for the copy that reads it.
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
