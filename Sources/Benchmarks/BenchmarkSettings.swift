import Plans

/// Settings of a measurement.
package struct BenchmarkSettings: Hashable, Sendable, Codable {
  /// Timing windows of each kind.
  package var windows = 7
  /// The shortest length of a window; a window of full steps is a whole number of epochs.
  package var windowSeconds = 0.3
  /// Steps per epoch, each with a full batch.
  package var batches = 60
  /// Rows and columns of the square matrices whose fastest product is the device's peak; `nil` for
  /// sizes by the kind of device.
  package var peakSizes: [Int]?

  package init() {}

  /// Large enough to use the whole device, small enough for a timing window.
  func peakSizes(on device: DeviceInformation) -> [Int] {
    if let peakSizes { return peakSizes }
    return switch device.kind {
    case .gpu, .accelerator: [2048, 4096]
    case .cpu, .native, .other: [1024, 1536, 2048]
    }
  }
}
