/// What `aegpu bench` measures of one recipe on one device.
package struct BenchmarkRow: Hashable, Sendable, Codable {
  /// The large product that was fastest.
  package struct Peak: Hashable, Sendable, Codable {
    /// `2048×2048×2048`
    package let product: String
    package let floatingPointOperationsPerSecond: Statistics
  }

  package let recipe: String
  /// What `--device` takes.
  package let device: String
  package let deviceName: String
  package let driver: String
  package let batchSize: Int
  package let windows: Int
  /// Steps of an epoch.
  package let stepCount: Int
  package let floatingPointOperationsPerStep: Int
  /// Those of the step's products and convolutions.
  package let productFloatingPointOperationsPerStep: Int

  package let samplesPerSecond: Statistics
  package let secondsPerStep: Statistics
  package let floatingPointOperationsPerSecond: Statistics
  /// The step's products and convolutions, run alone.
  package let productSecondsPerStep: Statistics
  package let peak: Peak
  package let launchesPerStep: Int
  /// The time in which the thread queues a step; on a backend that does not queue, the step itself.
  package let hostSecondsPerStep: Double

  /// Of the medians: the step's FLOP/s by the peak's.
  package let shareOfPeak: Double
  /// Of the medians: the products' time by the step's.
  package let shareOfProducts: Double
}
