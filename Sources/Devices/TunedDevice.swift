import Plans
import Tuning

/// A device with the results that `tune` stored for it, which are read once.
package struct TunedDevice: Sendable {
  package let device: DeviceInformation
  /// `nil` if there is no usable record; then the defaults are used.
  package let record: TuningRecord?
}
