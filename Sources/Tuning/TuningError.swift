import Plans

/// Why `aegpu tune` cannot go on, or a record of it does not serve.
package enum TuningError: Error, Hashable, Sendable {
  /// The folder of records cannot be made.
  case noFolder(path: String)
  case unreadable(file: String, reason: String)
  /// No candidate computes this product right.
  case noneRight(ProductShape)
  case wrongElement(index: Int, expected: Double, received: Double)
  case otherDevice(file: String, recorded: TuningRecord.Device, found: TuningRecord.Device)
}

extension TuningError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noFolder(let path):
      "\(path): expected a folder that can be written to, for what tune finds; AEGPU_CACHE_DIR names another"
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
