import COpenCL

/// Lets another queue wait for an instruction: it keeps the event of its last run.
final class Signal {
  let event: UnsafeMutablePointer<cl_event?>

  init() {
    event = .allocate(capacity: 1)
    event.initialize(to: nil)
  }

  deinit {
    clear()
    event.deallocate()
  }

  /// Releases the last run's event: all waiting commands are queued by then.
  func clear() {
    if let last = event.pointee { clReleaseEvent(last) }
    event.pointee = nil
  }
}
