import Patience
import Plans

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

/// Looks after calls of a driver that hangs.
final class AnswerWatch: Sendable {
  /// `nil`: nobody looks.
  private let watch: PatienceWatch?

  /// - Parameter tell: told again and again while a call takes longer than `patience`.
  init(
    _ device: DeviceInformation, patience: Duration, tell: (@Sendable (SilentDevice) -> Void)?
  ) {
    watch = tell.map { tell in
      PatienceWatch(patience: patience) { silence in
        tell(
          SilentDevice(
            device: device, call: "\(silence.call)", seconds: silence.seconds,
            isNew: silence.isNew))
      }
    }
  }

  /// Makes a call that may wait for the device.
  func waiting<Value, Failure: Error>(
    for name: StaticString, _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    guard let watch else { return try body() }
    watch.begin(name)
    defer { watch.end() }
    return try body()
  }
}
