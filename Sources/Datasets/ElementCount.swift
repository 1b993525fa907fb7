extension [Int] {
  /// The product of dimensions that a file claims, none of them 0 and all of them beyond doubt:
  /// half the integers are left for what is added to it.
  func elementCount(path: String) throws(DatasetError) -> Int {
    guard !contains(where: { $0 <= 0 }) else { throw .empty(path: path, shape: self) }
    var product = 1
    for size in self {
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      guard !overflow, next < Int.max >> 1 else { throw .tooLarge(path: path, shape: self) }
      product = next
    }
    return product
  }
}
