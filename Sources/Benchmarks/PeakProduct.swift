import Plans

/// The fastest of a few large products: what a device gives at best.
struct PeakProduct {
  private let product: LonePlan
  private let repetition: Repetition

  /// `2048×2048×2048`
  var name: String { product.plan.name }

  /// Tries each size for a window.
  init(_ sizes: [Int], on backend: any Backend, windowSeconds: Double) throws {
    precondition(!sizes.isEmpty, "a peak is that of some size")
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

  /// Times one window.
  /// - Returns: floating-point operations a second.
  func window() throws -> Double {
    Double(product.plan.floatingPointOperations) / (try repetition.window())
  }
}
