import COpenCL

/// Memory of the host that the device copies from and to at full speed, mapped for its whole life.
final class PinnedBuffer {
  let values: UnsafeMutableBufferPointer<Float>
  private let buffer: cl_mem
  private let queue: Queue

  init(count: Int, _ backend: OpenCLBackend) throws(OpenCLError) {
    queue = backend.queue
    let count = max(count, 1)
    var status: cl_int = CL_SUCCESS
    let flags = cl_mem_flags(CL_MEM_READ_WRITE | CL_MEM_ALLOC_HOST_PTR)
    buffer = try check(
      clCreateBuffer(backend.context.handle, flags, 4 * count, nil, &status), status,
      "clCreateBuffer")
    let mapped = clEnqueueMapBuffer(
      queue.handle, buffer, cl_bool(CL_TRUE), cl_map_flags(CL_MAP_READ | CL_MAP_WRITE), 0,
      4 * count, 0, nil, nil, &status)
    let start = try check(mapped, status, "clEnqueueMapBuffer")
    values = UnsafeMutableBufferPointer(
      start: start.assumingMemoryBound(to: Float.self), count: count)
  }

  deinit {
    clEnqueueUnmapMemObject(queue.handle, buffer, values.baseAddress, 0, nil, nil)
    clReleaseMemObject(buffer)
  }
}
