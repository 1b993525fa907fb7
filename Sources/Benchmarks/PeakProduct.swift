import Plans

/// The fastest of a few large matrix products: the device's peak.
struct PeakProduct {
  private let product: LonePlan
  private let repetition: Repetition

  /// `2048×2048×2048`
  var name: String { product.plan.name }

  /// Tries each size for one timing window.
  init(_ sizes: [Int], on backend: any Backend, windowSeconds: Double) throws {
    precondition(!sizes.isEmpty, "at least one size is needed")
    var best: (product: PeakProduct, rate: Double)?
    for size in sizes {
      let product = try PeakProduct(size, on: backend, windowSeconds: windowSeconds)
      let rate = try product.window()
      if rate > best?.rate ?? 0 { best = (product, rate) }
    }
    self = best!.product
  }

  private init(_ size: Int, on backend: any Backend, windowSeconds: Double) throws {
    product = try LonePlan.product(size, on: backend)
    repetition = try Repetition(
      product.executable, in: product.store, windowSeconds: windowSeconds)
  }

  /// Measures one timing window.
  /// - Returns: floating-point operations per second.
  func window() throws -> Double {
    Double(product.plan.floatingPointOperations) / (try repetition.window())
  }
}
