extension [Int] {
  /// The product of the dimensions in a file, none of them 0. It has at most 62 bits, so that
  /// adding to it cannot overflow.
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
