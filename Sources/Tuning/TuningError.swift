import Plans

/// Why a record of `aegpu tune` does not serve.
package enum TuningError: Error, Hashable, Sendable {
  case unreadable(file: String, reason: String)
  /// No candidate computes this product right.
  case noneRight(ProductShape)
  case wrongElement(index: Int, expected: Double, received: Double)
  case otherDevice(file: String, recorded: TuningRecord.Device, found: TuningRecord.Device)
}

extension TuningError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreadable(let file, let reason):
      "\(file): expected a record of aegpu tune, but \(reason)"
    case .otherDevice(let file, let recorded, let found):
      "\(file): expected a record of \(Self.text(found)), received one of \(Self.text(recorded))"
    case .noneRight(let shape):
      "product \(shape): expected a candidate with a right result, received none; the device's driver may be "
        + "at fault"
    case .wrongElement(let index, let expected, let received):
      "expected element \(index) to be \(expected), received \(received)"
    }
  }

  private static func text(_ device: TuningRecord.Device) -> String {
    "\(device.name), driver \(device.driver), \(device.version)"
  }
}
