import COpenCL
import Plans

/// Device memory. It is a little longer than requested, because kernels read whole vectors at its
/// end.
package final class Buffer {
  let handle: cl_mem
  /// The name of its contents in messages: `parameters`.
  let name: String
  let byteCount: Int
  private let queue: Queue
  private let memory: MemoryTally

  /// Bytes after the last element that kernels may read: two vectors of 16 floats.
  static let padding = 128

  /// - Parameter fill: the byte that it is filled with; `nil` leaves it uninitialized.
  init(
    _ name: String, byteCount: Int, fill: UInt8?, _ backend: OpenCLBackend
  ) throws(OpenCLError) {
    self.name = name
    self.byteCount = byteCount
    queue = backend.queue
    memory = backend.memory
    let whole = byteCount + Self.padding
    let largest = backend.device.largestAllocationBytes
    guard whole <= largest else {
      throw .allocation(of: name, byteCount: whole, largestByteCount: largest)
    }
    var status: cl_int = CL_SUCCESS
    handle = try check(
      backend.watch.waiting(for: "clCreateBuffer") {
        clCreateBuffer(
          backend.context.handle, cl_mem_flags(CL_MEM_READ_WRITE), whole, nil, &status)
      }, status, "clCreateBuffer")
    memory.add(whole)
    if let fill {
      var pattern = fill
      try check(
        clEnqueueFillBuffer(queue.handle, handle, &pattern, 1, 0, whole, 0, nil, nil),
        "clEnqueueFillBuffer")
    }
  }

  deinit {
    clReleaseMemObject(handle)
    memory.remove(byteCount + Self.padding)
  }

  /// Writes `values` from `offset` (in elements). Waits, so `values` may be freed afterwards.
  package func write<Element: BitwiseCopyable>(
    _ values: [Element], at offset: Int = 0
  ) throws(OpenCLError) {
    let start = bytes(values.count, of: Element.self, at: offset).start
    let status = values.withUnsafeBytes { write($0, at: start) }
    try check(status, "clEnqueueWriteBuffer")
  }

  /// Writes all bytes from the beginning. Waits.
  func write(_ source: UnsafeRawBufferPointer) throws(OpenCLError) {
    precondition(source.count <= byteCount, "\(name) has \(byteCount) bytes")
    try check(write(source, at: 0), "clEnqueueWriteBuffer")
  }

  private func write(_ source: UnsafeRawBufferPointer, at start: Int) -> cl_int {
    guard let address = source.baseAddress, source.count > 0 else { return CL_SUCCESS }
    return queue.watch.waiting(for: "clEnqueueWriteBuffer") {
      clEnqueueWriteBuffer(
        queue.handle, handle, cl_bool(CL_TRUE), start, source.count, address, 0, nil, nil)
    }
  }

  /// Reads `count` elements from `offset` (in elements). Waits.
  package func read<Element: BitwiseCopyable>(
    _ type: Element.Type, at offset: Int = 0, count: Int
  ) throws(OpenCLError) -> [Element] {
    let (start, byteCount) = bytes(count, of: type, at: offset)
    guard count > 0 else { return [] }
    var status: cl_int = CL_SUCCESS
    let values = [Element](unsafeUninitializedCapacity: count) { values, initialized in
      status = queue.watch.waiting(for: "clEnqueueReadBuffer") {
        clEnqueueReadBuffer(
          queue.handle, handle, cl_bool(CL_TRUE), start, byteCount, values.baseAddress!, 0, nil,
          nil)
      }
      initialized = status == CL_SUCCESS ? count : 0
    }
    try check(status, "clEnqueueReadBuffer")
    return values
  }

  /// Queues the same value for `count` elements.
  func fill(_ value: Float, at offset: Int, count: Int) throws(OpenCLError) {
    let (start, byteCount) = bytes(count, of: Float.self, at: offset)
    guard count > 0 else { return }
    var pattern = value
    try check(
      clEnqueueFillBuffer(queue.handle, handle, &pattern, 4, start, byteCount, 0, nil, nil),
      "clEnqueueFillBuffer")
  }

  private func bytes<Element>(
    _ count: Int, of type: Element.Type, at offset: Int
  ) -> (start: Int, count: Int) {
    let stride = MemoryLayout<Element>.stride
    precondition(
      offset >= 0 && (offset + count) * stride <= byteCount, "\(name) has \(byteCount) bytes")
    return (offset * stride, count * stride)
  }
}
