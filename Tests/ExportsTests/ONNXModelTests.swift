import Datasets
import Exports
import Graphs
import Layers
import Protobuf
import Testing
import Training

@Suite struct ONNXModelTests {
  /// `y = relu(x W + b)` of any number of rows.
  private func model() throws -> ONNXModel {
    var graph = Graph()
    let x = graph.add(.input(name: "x"), TensorType([2, 3]))
    let weight = graph.add(.parameter(name: "w"), TensorType([3, 2]))
    let bias = graph.add(.parameter(name: "b"), TensorType([2]))
    let product = try graph.add(.product(Product()), [x, weight])[0]
    let sum = try graph.add(.addBias(AddBias()), [product, bias])[0]
    // Nothing reads this.
    _ = try graph.add(.activate(Activate(.tanh)), [sum])
    let y = try graph.add(.activate(Activate(.relu)), [sum])[0]
    var translation = ONNXTranslation(
      BatchedGraph(of: graph),
      weights: [
        "w": .init(name: "w", shape: [3, 2], values: [1, 2, 3, 4, 5, -0.0]),
        "b": .init(name: "b", shape: [2], values: [0.5, .leastNonzeroMagnitude]),
      ], scaling: FeatureScaling())
    return ONNXModel(
      producer: "aegpu", producerVersion: "1.2", documentation: "a model", metadata: ["a": "b"],
      graph: try translation.graph(named: "small", outputs: [("y", y), ("same", y)]))
  }

  @Test func isReadAsItIsWritten() throws {
    let model = try model()
    let read = try ONNXModel(bytes: model.bytes())
    #expect(read == model)
    #expect(read.graph.nodes.map(\.type) == ["MatMul", "Add", "Relu", "Identity"])
    #expect(read.graph.constants.map(\.name) == ["w", "b"])
    #expect(read.graph.inputs.map(\.name) == ["x"])
    #expect(read.graph.outputs.map(\.name) == ["y", "same"])
    #expect(read.graph.outputs[1].dimensions == [.fixed(2), .fixed(2)])
  }

  /// Any byte of it that is another one is another model, or none.
  @Test func everyByteCounts() throws {
    let model = try model()
    let bytes = try model.bytes()
    for index in bytes.indices {
      var other = bytes
      other[index] ^= 1
      #expect((try? ONNXModel(bytes: other)) != model, "byte \(index)")
    }
    for count in 0..<bytes.count {
      #expect((try? ONNXModel(bytes: Array(bytes.prefix(count)))) != model, "\(count) bytes")
    }
  }

  /// A constant whose shape has more elements than an integer counts, or fewer than none.
  @Test(arguments: [[1 << 40, 1 << 40], [Int.max], [-1, 0], [-2, -2]])
  func shapesAreCounted(shape: [Int]) {
    func varint(_ number: Int) -> [UInt8] {
      var (rest, bytes) = (UInt64(bitPattern: Int64(number)), [UInt8]())
      while rest > 127 {
        bytes.append(UInt8(rest & 127) | 128)
        rest >>= 7
      }
      return bytes + [UInt8(rest)]
    }
    func message(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
      [number << 3 | 2] + varint(bytes.count) + bytes
    }
    // Dimensions, and float32.
    let dimensions: [UInt8] = shape.flatMap { [1 << 3] + varint($0) }
    let tensor: [UInt8] = dimensions + [2 << 3, 1]
    let error = #expect(throws: ProtobufError.self) {
      try ONNXModel(bytes: message(7, message(5, tensor)))
    }
    #expect(error?.reason == "0 bytes of a tensor \(shape)")
  }

  @Test func isNoLargerThanItsFormat() throws {
    let model = try model()
    let count = try model.bytes().count
    #expect(try model.bytes(atMost: count).count == count)
    let error = #expect(throws: ExportError.self) { try model.bytes(atMost: count - 1) }
    #expect(
      error?.description == "export: expected an ONNX file of at most \(count - 1) bytes, received "
        + "one of \(count); use --format safetensors, which has no such limit")
  }

  /// Ops for training, losses and random numbers cannot be part of an exported model.
  @Test func refusesWhatIsRandom() throws {
    var graph = Graph()
    let noise = Normal([2, 3], stream: 1, feed: .training)
    let y = try graph.add(.normal(noise), [])[0]
    var translation = ONNXTranslation(
      BatchedGraph(of: graph), weights: [:], scaling: FeatureScaling())
    let error = #expect(throws: ExportError.self) {
      try translation.graph(named: "", outputs: [("y", y)])
    }
    #expect(
      error?.description == "export: expected operations that ONNX has, received normal(stream "
        + "1); use --format safetensors")
  }
}
