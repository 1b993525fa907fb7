import Plans

/// What `aegpu profile` measures: where a training step's time goes, beside where it would go on a
/// device that does everything as fast as it can.
package struct Profile: Hashable, Sendable, Codable {
  /// The device's limits: the best that was measured in the same run.
  package struct Limits: Hashable, Sendable, Codable {
    /// `2048×2048×2048`
    package let product: String
    package let floatingPointOperationsPerSecond: Double
    /// Of a long sum of two vectors, read and written.
    package let bytesPerSecond: Double

    package init(
      product: String, floatingPointOperationsPerSecond: Double, bytesPerSecond: Double
    ) {
      self.product = product
      self.floatingPointOperationsPerSecond = floatingPointOperationsPerSecond
      self.bytesPerSecond = bytesPerSecond
    }

    /// The least time for this work: `max(FLOPs / peak, bytes / bandwidth)`.
    func seconds(floatingPointOperations: Int, byteCount: Int) -> Double {
      max(
        Double(floatingPointOperations) / floatingPointOperationsPerSecond,
        Double(byteCount) / bytesPerSecond)
    }
  }

  /// A line of either table.
  package struct Cost: Hashable, Sendable, Codable {
    package let launches: Int
    package let seconds: Double
    /// Of the seconds of all steps.
    package let shareOfTime: Double
    package let floatingPointOperations: Int
    package let byteCount: Int
    package let floatingPointOperationsPerSecond: Double
    package let bytesPerSecond: Double
    /// The least time for this work.
    package let limitSeconds: Double
    /// `limitSeconds / seconds`; above 1 where operands come from a cache. `nil` where nothing ran.
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

  /// All launches of one kernel. A step's operations and bytes are those of its longest launch.
  package struct Kernel: Hashable, Sendable, Codable {
    package let kernel: String
    package let cost: Cost
  }

  package let recipe: String
  /// What `--device` takes.
  package let device: String
  package let deviceName: String
  package let driver: String
  package let batchSize: Int
  /// Steps that were timed; every time is a median over them.
  package let runs: Int
  package let limits: Limits
  /// A step as it is trained, without events.
  package let secondsPerStep: Double
  package let steps: [Step]
  /// The longest first.
  package let kernels: [Kernel]
  package let total: Cost
}
