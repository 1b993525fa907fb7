import Dispatch
import Synchronization

/// Reports something once, from any thread, if `end` is not called within a time.
final class LateNotice: Sendable {
  private let isDue = Mutex(true)
  private let time: ContinuousClock.Instant
  private let body: @Sendable () -> Void

  init(after delay: Duration, _ body: @escaping @Sendable () -> Void) {
    self.body = body
    time = .now + delay
    DispatchQueue.global().asyncAfter(deadline: .now() + delay / .seconds(1)) { [weak self] in
      self?.tell()
    }
  }

  /// Nothing is reported afterwards. If the timer is late, a due report is made now.
  func end() {
    if ContinuousClock.now >= time { tell() }
    isDue.withLock { $0 = false }
  }

  private func tell() {
    isDue.withLock { isDue in
      if isDue { body() }
      isDue = false
    }
  }
}
