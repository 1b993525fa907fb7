import Graphs
import Plans

extension Profile.Limits {
  /// The device's limits, each launch measured separately like the steps.
  /// - Parameter bandwidthCount: elements of the vectors that are added.
  init(
    _ settings: BenchmarkSettings, bandwidthCount: Int, on backend: any Backend
  ) throws {
    let products = try settings.peakSizes(on: backend.device).map {
      try LonePlan.product($0, on: backend)
    }
    let sum = try LonePlan.sum(count: bandwidthCount, on: backend)
    var best = (name: "", rate: 0.0, bytes: 0.0)
    for _ in 0..<settings.windows {
      for product in products {
        let rate = Double(product.plan.floatingPointOperations) / (try product.profiledSeconds())
        if rate > best.rate { (best.name, best.rate) = (product.plan.name, rate) }
      }
      let byteCount = sum.plan.byteCount(of: sum.plan.steps[0])
      best.bytes = max(best.bytes, Double(byteCount) / (try sum.profiledSeconds()))
    }
    self.init(
      product: best.name, floatingPointOperationsPerSecond: best.rate, bytesPerSecond: best.bytes)
  }
}

extension LonePlan {
  /// The seconds of one run on the device.
  fileprivate func profiledSeconds() throws -> Double {
    // The smallest tick of a clock or device may give zero.
    max(try executable.profile(runs: 1).map(\.seconds).reduce(0, +), 1e-9)
  }
}
