/// The sizes of a tensor, outermost first; `[]` is a scalar.
package struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  package let dimensions: [Int]

  package init(_ dimensions: [Int]) {
    precondition(
      dimensions.allSatisfy { $0 >= 0 }, "a shape must not have negative sizes: \(dimensions)")
    self.dimensions = dimensions
  }

  package init(arrayLiteral dimensions: Int...) { self.init(dimensions) }

  /// The number of elements; 1 for a scalar. The largest `Int` if it would be larger.
  package var count: Int { cappedProduct(dimensions) }

  /// The largest number of elements of a tensor in a graph; sums of such numbers, also in bytes, do
  /// not overflow.
  package static let largestCount = 1 << 44
  package var rank: Int { dimensions.count }
  package subscript(axis: Int) -> Int { dimensions[axis] }

  /// The same shape with another number of columns.
  package func replacingColumns(by columns: Int) -> Shape {
    Shape(dimensions.dropLast() + [columns])
  }

  /// The innermost size: the columns of the tensor seen as a matrix; 1 for a scalar.
  package var columns: Int { dimensions.last ?? 1 }
  /// All other sizes together: the rows of the tensor seen as a matrix.
  package var rows: Int { cappedProduct(dimensions.dropLast()) }

  package var description: String {
    "[" + dimensions.map(String.init).joined(separator: ", ") + "]"
  }
}

/// The type of an element on the device.
package enum ElementType: String, Hashable, Sendable {
  case float32, uint8, int32
  /// Numbers of half the size, only in examples: IEEE 754 binary16, and the upper half of a float32.
  case float16, bfloat16

  package var byteCount: Int {
    switch self {
    case .uint8: 1
    case .float16, .bfloat16: 2
    case .float32, .int32: 4
    }
  }
}

/// Shape and element type of a tensor.
package struct TensorType: Hashable, Sendable, CustomStringConvertible {
  package let shape: Shape
  package let elementType: ElementType

  package init(_ shape: Shape, _ elementType: ElementType = .float32) {
    self.shape = shape
    self.elementType = elementType
  }

  package var byteCount: Int { shape.count * elementType.byteCount }
  package var description: String {
    elementType == .float32 ? "\(shape)" : "\(elementType.rawValue)\(shape)"
  }
}

/// The product of non-negative numbers, or the largest `Int` if it would overflow.
package func cappedProduct(_ factors: some Sequence<Int>) -> Int {
  var product = 1
  var isCapped = false
  for factor in factors {
    if factor == 0 { return 0 }
    let (next, overflow) = product.multipliedReportingOverflow(by: factor)
    isCapped = isCapped || overflow
    product = overflow ? Int.max : next
  }
  return isCapped ? Int.max : product
}

extension Int {
  /// The sum, or the largest `Int` if it would overflow.
  package func addingCapped(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? Int.max : sum
  }
}
