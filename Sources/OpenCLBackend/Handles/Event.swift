import COpenCL

/// The times of one launch on a profiling queue.
final class Event {
  private let handle: cl_event

  /// Takes ownership of an event.
  init(owning handle: cl_event) { self.handle = handle }

  deinit { clReleaseEvent(handle) }

  /// The duration of the launch on the device. Only valid after it is done.
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
