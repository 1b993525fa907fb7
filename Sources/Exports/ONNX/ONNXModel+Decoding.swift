import Graphs
import Protobuf

/// Reads what `bytes` writes, and nothing else: a field or type that this program does not write is
/// an error.
extension ONNXModel {
  package init(bytes: [UInt8]) throws(ProtobufError) {
    self.init(
      producer: "", producerVersion: "", documentation: "", metadata: [:],
      graph: ONNXGraph(name: "", inputs: [], outputs: [], constants: [], nodes: []))
    for field in try ProtobufField.all(in: bytes[...]) {
      switch field.number {
      case 1: try field.expect(Self.formatVersion, "format version")
      case 2: producer = try field.needText("producer")
      case 3: producerVersion = try field.needText("version")
      case 6: documentation = try field.needText("documentation")
      case 7: graph = try ONNXGraph(field.fields("graph"))
      case 8:
        for field in try field.fields("operators") where field.number == 2 {
          try field.expect(Self.operatorSet, "version of the operators")
        }
      case 14:
        let texts = try field.fields("metadata").map { field throws(ProtobufError) in
          try field.needText("metadata")
        }
        guard texts.count == 2 else { throw ProtobufError(reason: "not a pair of strings") }
        metadata[texts[0]] = texts[1]
      default: throw field.unknown("model")
      }
    }
  }
}

extension ProtobufField {
  fileprivate func unknown(_ message: String) -> ProtobufError {
    ProtobufError(reason: "field \(number) of a \(message)")
  }

  fileprivate func fields(_ message: String) throws(ProtobufError) -> [ProtobufField] {
    guard let bytes else { throw unknown(message) }
    return try Self.all(in: bytes)
  }

  fileprivate func needText(_ message: String) throws(ProtobufError) -> String {
    guard let text else { throw unknown(message) }
    return text
  }

  fileprivate func needInteger(_ message: String) throws(ProtobufError) -> Int {
    guard let integer else { throw unknown(message) }
    return integer
  }

  fileprivate func expect(_ value: Int, _ message: String) throws(ProtobufError) {
    let received = try needInteger(message)
    guard received == value else { throw ProtobufError(reason: "\(message) \(received)") }
  }
}

extension ONNXGraph {
  fileprivate init(_ fields: [ProtobufField]) throws(ProtobufError) {
    self.init(name: "", inputs: [], outputs: [], constants: [], nodes: [])
    for field in fields {
      switch field.number {
      case 1: nodes.append(try ONNXNode(field.fields("graph")))
      case 2: name = try field.needText("graph")
      case 5: constants.append(try ONNXTensor(field.fields("graph")))
      case 11: inputs.append(try ONNXValue(field.fields("graph")))
      case 12: outputs.append(try ONNXValue(field.fields("graph")))
      default: throw field.unknown("graph")
      }
    }
  }
}

extension ONNXNode {
  fileprivate init(_ fields: [ProtobufField]) throws(ProtobufError) {
    self.init(name: "", type: "", inputs: [], outputs: [], attributes: [:])
    for field in fields {
      switch field.number {
      case 1: inputs.append(try field.needText("node"))
      case 2: outputs.append(try field.needText("node"))
      case 3: name = try field.needText("node")
      case 4: type = try field.needText("node")
      case 5:
        let (name, attribute) = try ONNXAttribute.read(field.fields("node"))
        attributes[name] = attribute
      default: throw field.unknown("node")
      }
    }
  }
}

extension ONNXAttribute {
  fileprivate static func read(
    _ fields: [ProtobufField]
  ) throws(ProtobufError) -> (name: String, attribute: ONNXAttribute) {
    func values(_ number: Int) -> [ProtobufField] { fields.filter { $0.number == number } }
    let kind = values(20).first?.integer.flatMap(Kind.init)
    let attribute: ONNXAttribute? =
      switch kind {
      case .float: values(2).first?.float.map(ONNXAttribute.float)
      case .integer: values(3).first?.integer.map(ONNXAttribute.integer)
      case .text: values(4).first?.text.map(ONNXAttribute.text)
      case .integers: .integers(values(8).compactMap(\.integer))
      case nil: nil
      }
    guard let name = values(1).first?.text, let attribute else {
      throw ProtobufError(reason: "an attribute of another type")
    }
    return (name, attribute)
  }
}

extension ONNXTensor {
  fileprivate init(_ fields: [ProtobufField]) throws(ProtobufError) {
    var (name, shape) = ("", [Int]())
    var elementType: ONNXElementType?
    var bytes: ArraySlice<UInt8> = []
    for field in fields {
      switch field.number {
      case 1: shape.append(try field.needInteger("tensor"))
      case 2: elementType = ONNXElementType(rawValue: try field.needInteger("tensor"))
      case 8: name = try field.needText("tensor")
      case 9: bytes = field.bytes ?? []
      default: throw field.unknown("tensor")
      }
    }
    guard let elementType, shape.allSatisfy({ $0 >= 0 }),
      bytes.count == cappedProduct(shape + [elementType.byteCount])
    else {
      throw ProtobufError(reason: "\(bytes.count) bytes of a tensor \(shape)")
    }
    self.init(name: name, elementType: elementType, shape: shape, bytes: Array(bytes))
  }
}

extension ONNXValue {
  fileprivate init(_ fields: [ProtobufField]) throws(ProtobufError) {
    self.init(name: "", elementType: .float32, dimensions: [], documentation: "")
    for field in fields {
      switch field.number {
      case 1: name = try field.needText("value")
      case 2:
        for field in try field.fields("value") {
          guard field.number == 1 else { throw field.unknown("type") }
          try readTensor(field.fields("type"))
        }
      case 3: documentation = try field.needText("value")
      default: throw field.unknown("value")
      }
    }
  }

  private mutating func readTensor(_ fields: [ProtobufField]) throws(ProtobufError) {
    for field in fields {
      switch field.number {
      case 1:
        guard let type = ONNXElementType(rawValue: try field.needInteger("type")) else {
          throw field.unknown("type")
        }
        elementType = type
      case 2:
        for size in try field.fields("type") {
          for field in try size.fields("shape") {
            dimensions.append(
              field.number == 1
                ? .fixed(try field.needInteger("size")) : .free(try field.needText("size")))
          }
        }
      default: throw field.unknown("type")
      }
    }
  }
}
