import Dispatch
import Synchronization

/// Says something once, from whichever thread, if its end is not reached within a time.
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

  /// Nothing is said afterwards. The timer may come late: what is due now is said now.
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
