import Plans

/// How much is measured.
package struct BenchmarkSettings: Hashable, Sendable, Codable {
  /// Windows of each kind.
  package var windows = 7
  /// The least length of a window; the full step's is a whole number of epochs.
  package var windowSeconds = 0.3
  /// Steps of an epoch, each of a full batch.
  package var batches = 60
  /// Rows and columns of the square matrices whose fastest product is the device's peak; `nil` for
  /// sizes that suit the kind of device.
  package var peakSizes: [Int]?

  package init() {}

  /// Large enough to fill the device, small enough for a window.
  func peakSizes(on device: DeviceInformation) -> [Int] {
    if let peakSizes { return peakSizes }
    return switch device.kind {
    case .gpu, .accelerator: [2048, 4096]
    case .cpu, .native, .other: [1024, 1536, 2048]
    }
  }
}
