import COpenCL
import Plans

/// Memory of the host that the device copies from and to at full speed, mapped for its whole life.
final class PinnedMemory {
  let bytes: UnsafeMutableRawBufferPointer
  private let handle: cl_mem
  private let queue: Queue
  private let tally: MemoryTally

  /// - Parameter queue: the queue that maps it, and unmaps it in the end.
  init(byteCount: Int, _ queue: Queue, _ backend: OpenCLBackend) throws(OpenCLError) {
    self.queue = queue
    tally = backend.memory
    let byteCount = max(byteCount, 4)
    var status: cl_int = CL_SUCCESS
    let handle = try check(
      queue.watch.waiting(for: "clCreateBuffer") {
        clCreateBuffer(
          backend.context.handle, cl_mem_flags(CL_MEM_READ_WRITE | CL_MEM_ALLOC_HOST_PTR),
          byteCount, nil, &status)
      }, status, "clCreateBuffer")
    let address = queue.watch.waiting(for: "clEnqueueMapBuffer") {
      clEnqueueMapBuffer(
        queue.handle, handle, cl_bool(CL_TRUE), cl_map_flags(CL_MAP_READ | CL_MAP_WRITE), 0,
        byteCount, 0, nil, nil, &status)
    }
    guard let address, status == CL_SUCCESS else {
      clReleaseMemObject(handle)
      throw .call(name: "clEnqueueMapBuffer", status: status)
    }
    self.handle = handle
    bytes = UnsafeMutableRawBufferPointer(start: address, count: byteCount)
    tally.add(byteCount)
  }

  deinit {
    clEnqueueUnmapMemObject(queue.handle, handle, bytes.baseAddress!, 0, nil, nil)
    _ = queue.watch.waiting(for: "clFinish") { clFinish(queue.handle) }
    clReleaseMemObject(handle)
    tally.remove(bytes.count)
  }
}
