import Plans

/// Why `aegpu tune` fails, or why its stored results cannot be used.
package enum TuningError: Error, Hashable, Sendable {
  /// The folder for results cannot be created.
  case noFolder(path: String)
  case unreadable(file: String, reason: String)
  /// No candidate computes this product correctly.
  case noneRight(ProductShape)
  case wrongElement(index: Int, expected: Double, received: Double)
  case otherDevice(file: String, recorded: TuningRecord.Device, found: TuningRecord.Device)
}

extension TuningError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noFolder(let path):
      "\(path): expected a folder that can be written, for the results of tune; set AEGPU_CACHE_DIR to another"
    case .unreadable(let file, let reason):
      "\(file): expected a file of aegpu tune, but \(reason)"
    case .otherDevice(let file, let recorded, let found):
      "\(file): expected results for \(Self.text(found)), received results for \(Self.text(recorded))"
    case .noneRight(let shape):
      "product \(shape): expected a candidate with a correct result, received none; the device's driver may "
        + "be faulty"
    case .wrongElement(let index, let expected, let received):
      "expected element \(index) to be \(expected), received \(received)"
    }
  }

  private static func text(_ device: TuningRecord.Device) -> String {
    "\(device.name), driver \(device.driver), \(device.version)"
  }
}
