import COpenCL

/// How an instruction of one queue tells another queue that it is done: room for the event of its
/// last run.
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

  /// Gives the last run's event back: whoever waits for it is queued by then.
  func clear() {
    if let last = event.pointee { clReleaseEvent(last) }
    event.pointee = nil
  }
}
