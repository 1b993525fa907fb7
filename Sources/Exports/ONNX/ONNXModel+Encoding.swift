import Protobuf

/// The messages of an ONNX file, with the field numbers of `onnx.proto`.
extension ONNXModel {
  /// The maximum size of a message, and so of a file.
  private static let largestByteCount = Int(Int32.max)

  /// The bytes of the file.
  /// - Parameter largest: the maximum number of bytes.
  /// - Throws: `ExportError.tooLarge` for more bytes, which no reader of Protocol Buffers accepts.
  package func bytes(
    atMost largest: Int = largestByteCount
  ) throws(ExportError) -> [UInt8] {
    let constants = graph.constants.map(\.bytes.count).reduce(0, +)
    guard constants <= largest else { throw .tooLarge(byteCount: constants, largest: largest) }
    let bytes = message.bytes
    guard bytes.count <= largest else { throw .tooLarge(byteCount: bytes.count, largest: largest) }
    return bytes
  }

  private var message: ProtobufMessage {
    var message = ProtobufMessage()
    message.add(1, Self.formatVersion)
    message.add(2, producer)
    message.add(3, producerVersion)
    message.add(6, documentation)
    message.add(7, graph.message)
    var operators = ProtobufMessage()
    operators.add(1, "")
    operators.add(2, Self.operatorSet)
    message.add(8, operators)
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      var entry = ProtobufMessage()
      entry.add(1, key)
      entry.add(2, value)
      message.add(14, entry)
    }
    return message
  }
}

extension ONNXGraph {
  fileprivate var message: ProtobufMessage {
    var message = ProtobufMessage()
    for node in nodes { message.add(1, node.message) }
    message.add(2, name)
    for constant in constants { message.add(5, constant.message) }
    for input in inputs { message.add(11, input.message) }
    for output in outputs { message.add(12, output.message) }
    return message
  }
}

extension ONNXNode {
  fileprivate var message: ProtobufMessage {
    var message = ProtobufMessage()
    for input in inputs { message.add(1, input) }
    for output in outputs { message.add(2, output) }
    message.add(3, name)
    message.add(4, type)
    for (name, attribute) in attributes.sorted(by: { $0.key < $1.key }) {
      message.add(5, attribute.message(name: name))
    }
    return message
  }
}

extension ONNXAttribute {
  /// The numbers of attribute types.
  enum Kind: Int {
    case float = 1
    case integer = 2
    case text = 3
    case integers = 7
  }

  fileprivate func message(name: String) -> ProtobufMessage {
    var message = ProtobufMessage()
    message.add(1, name)
    let kind: Kind
    switch self {
    case .float(let value):
      kind = .float
      message.add(2, value)
    case .integer(let value):
      kind = .integer
      message.add(3, value)
    case .text(let text):
      kind = .text
      message.add(4, text)
    case .integers(let values):
      kind = .integers
      for value in values { message.add(8, value) }
    }
    message.add(20, kind.rawValue)
    return message
  }
}

extension ONNXTensor {
  fileprivate var message: ProtobufMessage {
    var message = ProtobufMessage()
    for size in shape { message.add(1, size) }
    message.add(2, elementType.rawValue)
    message.add(8, name)
    message.add(9, bytes)
    return message
  }
}

extension ONNXValue {
  fileprivate var message: ProtobufMessage {
    var shape = ProtobufMessage()
    for dimension in dimensions {
      var size = ProtobufMessage()
      switch dimension {
      case .fixed(let count): size.add(1, count)
      case .free(let name): size.add(2, name)
      }
      shape.add(1, size)
    }
    var tensor = ProtobufMessage()
    tensor.add(1, elementType.rawValue)
    tensor.add(2, shape)
    var type = ProtobufMessage()
    type.add(1, tensor)
    var message = ProtobufMessage()
    message.add(1, name)
    message.add(2, type)
    message.add(3, documentation)
    return message
  }
}
