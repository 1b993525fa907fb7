/// The sizes of a tensor, outermost first; `[]` is a scalar.
package struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  package let dimensions: [Int]

  package init(_ dimensions: [Int]) {
    precondition(dimensions.allSatisfy { $0 >= 0 }, "a shape has no negative size: \(dimensions)")
    self.dimensions = dimensions
  }

  package init(arrayLiteral dimensions: Int...) { self.init(dimensions) }

  /// How many elements such a tensor has; 1 for a scalar.
  package var count: Int { dimensions.reduce(1, *) }
  package var rank: Int { dimensions.count }
  package subscript(axis: Int) -> Int { dimensions[axis] }

  /// The innermost size: the columns of the tensor seen as a matrix; 1 for a scalar.
  package var columns: Int { dimensions.last ?? 1 }
  /// All other sizes together: the rows of the tensor seen as a matrix.
  package var rows: Int { dimensions.dropLast().reduce(1, *) }

  package var description: String {
    "[" + dimensions.map(String.init).joined(separator: ", ") + "]"
  }
}

/// What one element is, on the device.
package enum ElementType: String, Hashable, Sendable {
  case float32, uint8, int32

  package var byteCount: Int { self == .uint8 ? 1 : 4 }
}

/// Shape and element type: all that a rule may ask of an operand.
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
