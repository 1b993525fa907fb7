import Datasets
import Exports
import Foundation
import Graphs
import Plans
import ReferenceBackend
import TestProgram
import TestSupport
import Testing
import Training

/// Every op that can be exported, with the sizes of the backend tests, by onnxruntime and by the
/// reference.
@Suite(.withPython) struct ExportedOpTests {
  private struct Case: Encodable {
    struct Array: Encodable {
      var shape: [Int]
      /// As bits.
      var values: [UInt32]

      init(_ shape: Shape, _ values: [Double]) {
        self.shape = shape.dimensions
        self.values = values.map { Float($0).bitPattern }
      }
    }

    var name: String
    var file: String
    var inputs: [String: Array]
    var output: Array
    var absolute: Double
    var relative: Double
  }

  /// Ops of which a case is written, by their words.
  private static let words: Set = [
    "activate", "add", "addBias", "batchNormInference", "columns", "concatenate", "conv2D",
    "conv2DInputGradient", "denormalize", "fold1D", "gru", "lstm", "averagePool2D",
    "maximumPool2D", "nearest", "product", "reshape", "scale", "unfold1D", "upsample2D",
  ]

  @Test func everyOp() throws {
    let program = try Program()
    var cases: [Case] = []
    for opCase in OpCases.all {
      guard let one = try export(opCase, number: cases.count, to: program.folder) else { continue }
      cases.append(one)
    }
    let words = Set(cases.map { String($0.name.prefix { $0.isLetter || $0.isNumber }) })
    let activations = Set(Activation.allCases.map(\.rawValue)).subtracting(["identity"])
    #expect(words.isSuperset(of: Self.words.subtracting(["activate"]).union(activations)))
    try JSONEncoder().encode(cases).write(
      to: URL(fileURLWithPath: program.folder + "/cases.json"))
    try Peers.run("export_ops.py", program.folder)
  }

  /// A case's file; `nil` of an op that is not translated, or whose case is large.
  private func export(_ opCase: OpCase, number: Int, to folder: String) throws -> Case? {
    guard opCase.operands.allSatisfy({ $0.shape.count < 5000 }) else { return nil }
    // Its indices are whole numbers there, which no model uses; the recipe vq tests it.
    if case .lookUp = opCase.op { return nil }
    var graph = Graph()
    var weights: [String: Safetensors.Tensor] = [:]
    var inputs: [String: Case.Array] = [:]
    let operands = opCase.operands.enumerated().map { index, operand in
      let (name, type) = ("\(index)", TensorType(operand.shape))
      if case .constant(let value) = operand.values { return graph.add(.constant(value), type) }
      guard index == 0 else {
        weights[name] = .init(
          name: name, shape: operand.shape, values: opCase.values(of: index).map { Float($0) })
        return graph.add(.parameter(name: name), type)
      }
      inputs[name] = Case.Array(operand.shape, opCase.values(of: index))
      return graph.add(.input(name: name), type)
    }
    let output = try graph.add(opCase.op, operands)[0]
    var translation = ONNXTranslation(
      BatchedGraph(of: graph), weights: weights, scaling: FeatureScaling())
    let translated: ONNXGraph
    do throws(ExportError) {
      translated = try translation.graph(named: opCase.description, outputs: [("y", output)])
    } catch {
      return nil
    }
    let model = ONNXModel(
      producer: "aegpu", producerVersion: "", documentation: "", metadata: [:], graph: translated)
    let file = "\(number).onnx"
    try Data(model.bytes()).write(to: URL(fileURLWithPath: folder + "/" + file))
    let (plan, planned, outputs) = try opCase.plan()
    let judge = try ReferenceBackend().makeStore(.empty).prepare(plan)
    for (index, id) in planned.enumerated() {
      if case .constant = opCase.operands[index].values { continue }
      try judge.write(opCase.values(of: index), to: id)
    }
    try judge.run()
    // onnxruntime rounds the place between two pixels to float32.
    let slack: Double
    if case .upsample2D = opCase.op { slack = 1e-5 } else { slack = 0 }
    let tolerance = try opCase.tolerance()
    return Case(
      name: opCase.description, file: file, inputs: inputs,
      output: Case.Array(graph.shape(output), try judge.read(outputs[0])),
      absolute: tolerance.absolute + slack, relative: tolerance.relative)
  }
}
