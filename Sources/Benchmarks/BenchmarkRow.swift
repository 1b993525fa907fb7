/// The measurements of `aegpu bench` for one recipe on one device.
package struct BenchmarkRow: Hashable, Sendable, Codable {
  /// The fastest large product.
  package struct Peak: Hashable, Sendable, Codable {
    /// `2048×2048×2048`
    package let product: String
    package let floatingPointOperationsPerSecond: Statistics
  }

  package let recipe: String
  /// The value for `--device`.
  package let device: String
  package let deviceName: String
  package let driver: String
  package let batchSize: Int
  package let windows: Int
  /// Steps per epoch.
  package let stepCount: Int
  package let floatingPointOperationsPerStep: Int
  /// FLOPs of the step's products and convolutions.
  package let productFloatingPointOperationsPerStep: Int

  package let samplesPerSecond: Statistics
  package let secondsPerStep: Statistics
  package let floatingPointOperationsPerSecond: Statistics
  /// Time of the step's products and convolutions, run alone.
  package let productSecondsPerStep: Statistics
  package let peak: Peak
  package let launchesPerStep: Int
  /// The time in which the thread queues a step; on a backend that does not queue, the time of the
  /// step.
  package let hostSecondsPerStep: Double

  /// The step's FLOP/s divided by the peak's, both medians.
  package let shareOfPeak: Double
  /// The products' time divided by the step's, both medians.
  package let shareOfProducts: Double
}
