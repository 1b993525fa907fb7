import Dispatch
import Synchronization

/// Looks after exchanges that may never end: MPI and TCP wait long for a machine that is gone, or whose
/// network is.
final class WaitWatch: Sendable {
  private struct Wait {
    let start = SuspendingClock.now
    var isTold = false
  }

  private let patience: Duration
  /// Told once of an exchange that takes longer than that, with the seconds up to now.
  private let tell: @Sendable (Int) -> Void
  private let wait = Mutex<Wait?>(nil)
  /// Its own, so that nothing that waits is before it.
  private let queue = DispatchQueue(label: "WaitWatch")

  init(patience: Duration, tell: @escaping @Sendable (Int) -> Void) {
    (self.patience, self.tell) = (patience, tell)
    lookLater()
  }

  func begin() { wait.withLock { $0 = Wait() } }
  func end() { wait.withLock { $0 = nil } }

  private func lookLater() {
    queue.asyncAfter(deadline: .now() + .milliseconds(250)) { [weak self] in
      self?.look()
      self?.lookLater()
    }
  }

  private func look() {
    let seconds = wait.withLock { wait -> Int? in
      guard let now = wait, !now.isTold else { return nil }
      let waited = now.start.duration(to: .now)
      guard waited >= patience else { return nil }
      wait?.isTold = true
      return Int(waited.components.seconds)
    }
    if let seconds { tell(seconds) }
  }
}
