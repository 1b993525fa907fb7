import Plans
import Tuning

/// A device with what `tune` kept for it, which is read once.
package struct TunedDevice: Sendable {
  package let device: DeviceInformation
  /// `nil` where there is none that serves; then the defaults do.
  package let record: TuningRecord?
}
