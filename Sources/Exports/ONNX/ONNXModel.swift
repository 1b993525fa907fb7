/// The contents of an ONNX file, as far as this program writes them: a graph of operators over
/// named tensors. https://onnx.ai/onnx/repo-docs/IR.html
package struct ONNXModel: Hashable, Sendable {
  /// The program that made it, and its version.
  package var producer: String
  package var producerVersion: String
  /// A description of the model.
  package var documentation: String
  /// Metadata strings by name.
  package var metadata: [String: String]
  package var graph: ONNXGraph

  package init(
    producer: String, producerVersion: String, documentation: String, metadata: [String: String],
    graph: ONNXGraph
  ) {
    self.producer = producer
    self.producerVersion = producerVersion
    self.documentation = documentation
    self.metadata = metadata
    self.graph = graph
  }

  /// The version of the format, and of the set of operators.
  package static let formatVersion = 8
  package static let operatorSet = 17
}

package struct ONNXGraph: Hashable, Sendable {
  package var name: String
  package var inputs: [ONNXValue]
  package var outputs: [ONNXValue]
  /// Constant tensors.
  package var constants: [ONNXTensor]
  /// In topological order.
  package var nodes: [ONNXNode]
}

/// An input or output of a graph.
package struct ONNXValue: Hashable, Sendable {
  package var name: String
  package var elementType: ONNXElementType
  package var dimensions: [ONNXDimension]
  package var documentation: String
}

/// A dimension of a tensor: a size, or the name of a free one.
package enum ONNXDimension: Hashable, Sendable, CustomStringConvertible {
  case fixed(Int)
  case free(String)

  package var description: String {
    switch self {
    case .fixed(let size): "\(size)"
    case .free(let name): name
    }
  }
}

/// The element types in use, by their numbers in the format.
package enum ONNXElementType: Int, Hashable, Sendable {
  case float32 = 1
  case int64 = 7

  var byteCount: Int { self == .float32 ? 4 : 8 }
}

/// A constant tensor, row-major.
package struct ONNXTensor: Hashable, Sendable {
  package var name: String
  package let elementType: ONNXElementType
  package let shape: [Int]
  /// The elements, little-endian.
  package let bytes: [UInt8]

  init(name: String, elementType: ONNXElementType, shape: [Int], bytes: [UInt8]) {
    self.name = name
    self.elementType = elementType
    self.shape = shape
    self.bytes = bytes
  }

  package init(name: String = "", shape: [Int], _ values: [Float]) {
    self.init(
      name: name, elementType: .float32, shape: shape,
      bytes: values.map(\.bitPattern.littleEndian).withUnsafeBytes(Array.init))
  }

  package init(name: String = "", shape: [Int], _ values: [Int]) {
    self.init(
      name: name, elementType: .int64, shape: shape,
      bytes: values.map { Int64($0).littleEndian }.withUnsafeBytes(Array.init))
  }
}

/// An operator with the names of its inputs and outputs; an optional input that is missing has the
/// name "".
package struct ONNXNode: Hashable, Sendable {
  package var name: String
  package var type: String
  package var inputs: [String]
  package var outputs: [String]
  package var attributes: [String: ONNXAttribute]
}

/// A setting of an operator.
package enum ONNXAttribute: Hashable, Sendable {
  case float(Float)
  case integer(Int)
  case text(String)
  case integers([Int])
}
