import Plans

/// A result of a launch that is wrong: what a device was caught by.
package struct Evidence: Hashable, Sendable, Codable {
  /// The plan's name: `training`, `evaluation`.
  package let plan: String
  /// The step's place in it, counted from 0.
  package let step: Int
  /// The operation: `product(A, B) + bias, relu`.
  package let operation: String
  /// What ran it.
  package let kernels: [String]
  /// What of it is wrong: its result, or what it changes in the store.
  package let quantity: String
  /// `[512, 256]`
  package let shape: String
  /// The element that is furthest off, and how many are wrong.
  package let index: Int
  package let expected: Double
  package let received: Double
  package let wrongCount: Int
  package let count: Int
  /// Whether each launch by itself is right, and they are wrong together.
  package var isOfQueues = false
  /// How the product was computed, where it is one.
  package var product: ProductChoice?
}

extension Evidence: CustomStringConvertible {
  package var description: String {
    let by = kernels.count > 4 ? kernels.prefix(3) + ["\(kernels.count - 3) more"] : kernels
    return
      "\(operation) of \(plan), \(quantity) \(shape), by \(by.joined(separator: ", ")): \(finding) "
      + "(\(wrongCount) of \(count) elements are wrong)"
  }

  /// The element that is furthest off.
  package var finding: String {
    "expected element \(index) to be \(Float(expected)), received \(Float(received))"
  }
}
