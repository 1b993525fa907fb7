import COpenCL

/// What a queue that keeps times knows of one launch.
final class Event {
  private let handle: cl_event

  /// Takes over an event that the caller would have to release.
  init(owning handle: cl_event) { self.handle = handle }

  deinit { clReleaseEvent(handle) }

  /// How long the device was at it. Only once it is done.
  func seconds() throws(OpenCLError) -> Double {
    let (start, end) = (
      try nanoseconds(CL_PROFILING_COMMAND_START), try nanoseconds(CL_PROFILING_COMMAND_END)
    )
    return Double(end &- start) * 1e-9
  }

  private func nanoseconds(_ parameter: Int32) throws(OpenCLError) -> cl_ulong {
    var value: cl_ulong = 0
    try check(
      clGetEventProfilingInfo(handle, cl_profiling_info(parameter), 8, &value, nil),
      "clGetEventProfilingInfo")
    return value
  }
}
