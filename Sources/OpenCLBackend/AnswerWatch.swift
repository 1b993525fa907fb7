import Dispatch
import Plans
import Synchronization

/// A device that does not answer.
package struct SilentDevice: Sendable, CustomStringConvertible {
  package let device: DeviceInformation
  /// What it was asked.
  package let call: String
  /// For how long, up to now.
  package let seconds: Int
  /// Whether nothing was told of this call before.
  package let isNew: Bool

  package var description: String {
    "device \(device.identifier) (\(device.name)) has not answered \(call) for \(seconds) s"
  }
}

/// Looks after calls that may never return: a driver that hangs keeps the thread that called it.
final class AnswerWatch: Sendable {
  private struct Call {
    let name: StaticString
    let start: SuspendingClock.Instant
    var isTold = false
  }

  private let device: DeviceInformation
  private let patience: Duration
  /// Told again and again while a call takes longer than that; `nil`: nobody looks.
  private let tell: (@Sendable (SilentDevice) -> Void)?
  /// What the device has been asked and has not answered yet.
  private let call = Mutex<Call?>(nil)
  /// Its own, so that nothing that waits is before it.
  private let queue = DispatchQueue(label: "AnswerWatch")

  init(
    _ device: DeviceInformation, patience: Duration, tell: (@Sendable (SilentDevice) -> Void)?
  ) {
    (self.device, self.patience, self.tell) = (device, patience, tell)
    if tell != nil { lookLater() }
  }

  /// Makes a call that may wait for the device.
  func waiting<Value, Failure: Error>(
    for name: StaticString, _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    guard tell != nil else { return try body() }
    call.withLock { $0 = Call(name: name, start: .now) }
    defer { call.withLock { $0 = nil } }
    return try body()
  }

  private func lookLater() {
    queue.asyncAfter(deadline: .now() + .milliseconds(250)) { [weak self] in
      self?.look()
      self?.lookLater()
    }
  }

  private func look() {
    let silent = call.withLock { call -> SilentDevice? in
      guard let now = call, now.start.duration(to: .now) >= patience else { return nil }
      call?.isTold = true
      return SilentDevice(
        device: device, call: "\(now.name)",
        seconds: Int(now.start.duration(to: .now).components.seconds), isNew: !now.isTold)
    }
    if let silent { tell?(silent) }
  }
}
