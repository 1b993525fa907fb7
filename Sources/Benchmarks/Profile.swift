import Plans

/// The measurements of `aegpu profile`: the time of each part of a training step, and its limit on
/// this device.
package struct Profile: Hashable, Sendable, Codable {
  /// The device's limits, measured in the same run.
  package struct Limits: Hashable, Sendable, Codable {
    /// `2048×2048×2048`
    package let product: String
    package let floatingPointOperationsPerSecond: Double
    /// For a long sum of two vectors, bytes read and written.
    package let bytesPerSecond: Double

    package init(
      product: String, floatingPointOperationsPerSecond: Double, bytesPerSecond: Double
    ) {
      self.product = product
      self.floatingPointOperationsPerSecond = floatingPointOperationsPerSecond
      self.bytesPerSecond = bytesPerSecond
    }

    /// The shortest possible time for this work: `max(FLOPs / peak, bytes / bandwidth)`.
    func seconds(floatingPointOperations: Int, byteCount: Int) -> Double {
      max(
        Double(floatingPointOperations) / floatingPointOperationsPerSecond,
        Double(byteCount) / bytesPerSecond)
    }
  }

  /// A line of a table.
  package struct Cost: Hashable, Sendable, Codable {
    package let launches: Int
    package let seconds: Double
    /// Fraction of the seconds of all steps.
    package let shareOfTime: Double
    package let floatingPointOperations: Int
    package let byteCount: Int
    package let floatingPointOperationsPerSecond: Double
    package let bytesPerSecond: Double
    /// The shortest possible time for this work.
    package let limitSeconds: Double
    /// `limitSeconds / seconds`; above 1 if operands come from a cache. `nil` if there was no
    /// launch.
    package let shareOfLimit: Double?
  }

  /// A step of the plan.
  package struct Step: Hashable, Sendable, Codable {
    /// Its number in `aegpu plan`, from 1.
    package let step: Int
    package let op: String
    package let kernels: [String]
    package let cost: Cost
  }

  /// All launches of one kernel. The FLOPs and bytes of a step belong to its longest launch.
  package struct Kernel: Hashable, Sendable, Codable {
    package let kernel: String
    package let cost: Cost
  }

  package let recipe: String
  /// The value for `--device`.
  package let device: String
  package let deviceName: String
  package let driver: String
  package let batchSize: Int
  /// Number of timed steps; every time is a median over them.
  package let runs: Int
  package let limits: Limits
  /// The time of a step in training, without events.
  package let secondsPerStep: Double
  package let steps: [Step]
  /// The longest first.
  package let kernels: [Kernel]
  package let total: Cost
}
