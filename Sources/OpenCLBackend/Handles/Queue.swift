import COpenCL

/// An in-order queue: commands run in the order of the calls.
package final class Queue {
  package let handle: cl_command_queue
  /// Looks after calls that wait for what is queued.
  let watch: AnswerWatch
  private let context: Context

  /// - Parameter keepsTimes: whether its events record start and end times.
  init(
    _ context: Context, _ device: cl_device_id, _ watch: AnswerWatch, keepsTimes: Bool = false
  ) throws(OpenCLError) {
    (self.context, self.watch) = (context, watch)
    let properties = keepsTimes ? cl_command_queue_properties(CL_QUEUE_PROFILING_ENABLE) : 0
    var status: cl_int = CL_SUCCESS
    handle = try check(
      clCreateCommandQueue(context.handle, device, properties, &status), status,
      "clCreateCommandQueue")
  }

  deinit {
    _ = watch.waiting(for: "clFinish") { clFinish(handle) }
    clReleaseCommandQueue(handle)
  }

  /// Submits the queued commands to the device; does not wait.
  func flush() throws(OpenCLError) { try check(clFlush(handle), "clFlush") }

  /// Makes later commands wait for another queue's instruction.
  func wait(for signal: Signal) throws(OpenCLError) {
    try check(
      clEnqueueBarrierWithWaitList(handle, 1, signal.event, nil), "clEnqueueBarrierWithWaitList")
  }

  /// Waits until everything queued is done.
  package func finish() throws(OpenCLError) {
    try check(watch.waiting(for: "clFinish") { clFinish(handle) }, "clFinish")
  }
}
