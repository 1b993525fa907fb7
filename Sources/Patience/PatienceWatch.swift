import Dispatch
import Synchronization

/// Looks after calls that may never return, one at a time: a driver that hangs, or a network that is down,
/// keeps the thread that called it.
package final class PatienceWatch: Sendable {
  /// A call that has taken too long.
  package struct Silence: Sendable {
    package let call: StaticString
    /// For how long, up to now.
    package let seconds: Int
    /// Whether nothing was told of this call before.
    package let isNew: Bool
  }

  private struct Call {
    let name: StaticString
    let start: SuspendingClock.Instant
    var isTold = false
  }

  private let patience: Duration
  private let tell: @Sendable (Silence) -> Void
  private let call = Mutex<Call?>(nil)
  /// Its own, so that nothing that waits is before it.
  private let queue = DispatchQueue(label: "PatienceWatch")

  /// - Parameter tell: called again and again while a call takes longer than `patience`.
  package init(patience: Duration, tell: @escaping @Sendable (Silence) -> Void) {
    (self.patience, self.tell) = (patience, tell)
    lookLater()
  }

  package func begin(_ name: StaticString) {
    call.withLock { $0 = Call(name: name, start: .now) }
  }

  package func end() { call.withLock { $0 = nil } }

  private func lookLater() {
    queue.asyncAfter(deadline: .now() + .milliseconds(250)) { [weak self] in
      self?.look()
      self?.lookLater()
    }
  }

  private func look() {
    let silence = call.withLock { call -> Silence? in
      guard let now = call, now.start.duration(to: .now) >= patience else { return nil }
      call?.isTold = true
      return Silence(
        call: now.name, seconds: Int(now.start.duration(to: .now).components.seconds),
        isNew: !now.isTold)
    }
    if let silence { tell(silence) }
  }
}
