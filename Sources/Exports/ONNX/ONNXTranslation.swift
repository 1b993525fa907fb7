import Datasets
import Graphs
import Training

/// Translates the graph of a step to ONNX operators, op by op.
///
/// Images and sequences have channels last here, `[N, …, C]`, but channels first in ONNX operators,
/// `[N, C, …]`. A tensor may exist in either order or in both: an op uses the order that it needs,
/// and a transposition is added if that order does not exist yet.
package struct ONNXTranslation {
  let step: BatchedGraph
  /// The trained tensors, by name.
  let weights: [String: Safetensors.Tensor]
  /// The scaling of the input, which is undone for the output.
  let scaling: FeatureScaling
  var builder = ONNXGraphBuilder()
  /// Inputs of the model that are used.
  private(set) var inputs: [ONNXValue] = []
  private var channelsLast: [TensorID: String] = [:]
  private var channelsFirst: [TensorID: String] = [:]
  private var producers: [TensorID: Node] = [:]

  /// The name of the free dimension.
  static let batchSize = "batch_size"

  /// - Parameter scaling: the values of the step's inputs `shift` and `factor`, and the
  ///   replacements of missing values.
  package init(_ step: BatchedGraph, weights: [String: Safetensors.Tensor], scaling: FeatureScaling)
  {
    self.step = step
    self.weights = weights
    self.scaling = scaling
  }

  var graph: Graph { step.graph }
  func shape(_ id: TensorID) -> Shape { step.graph.shape(id) }

  /// The graph that computes these outputs.
  /// - Throws: `ExportError.operation` for an op that cannot be translated.
  package mutating func graph(
    named name: String, outputs: [(name: String, id: TensorID)]
  ) throws(ExportError) -> ONNXGraph {
    for node in step.nodes(for: outputs.map(\.id)) {
      for output in node.outputs { producers[output] = node }
      try translate(node)
    }
    for (name, id) in outputs { builder.name(try value(id), asOutput: name) }
    builder.prune(keeping: outputs.map(\.name))
    return ONNXGraph(
      name: name, inputs: inputs,
      outputs: outputs.map { name, id in
        ONNXValue(
          name: name, elementType: isIndex(id) ? .int64 : .float32, dimensions: dimensions(id),
          documentation: "")
      }, constants: builder.constants, nodes: builder.nodes)
  }

  private func dimensions(_ id: TensorID) -> [ONNXDimension] {
    step.dimensions(id).map {
      switch $0 {
      case .fixed(let size): .fixed(size)
      case .perExample(let count):
        .free(count == 1 ? Self.batchSize : "\(count) · \(Self.batchSize)")
      }
    }
  }

  /// Whether a tensor contains codebook indices: they are integers in ONNX, and floats here.
  private func isIndex(_ id: TensorID) -> Bool {
    guard let node = producers[id] else { return false }
    switch node.op {
    case .nearest: return true
    default: return node.viewedInput.map(isIndex) ?? false
    }
  }

  // MARK: Values

  /// The name of a tensor with channels last.
  mutating func value(_ id: TensorID) throws(ExportError) -> String {
    if let known = channelsLast[id] { return known }
    let name: String
    if let first = channelsFirst[id] {
      let rank = shape(id).rank
      name = transpose(first, [0] + Array(2..<rank) + [1])
    } else {
      name = try source(id)
    }
    channelsLast[id] = name
    return name
  }

  /// The name of a tensor `[N, …, C]` with channels first.
  mutating func channelsFirst(_ id: TensorID) throws(ExportError) -> String {
    if let known = channelsFirst[id] { return known }
    let rank = shape(id).rank
    let last = try value(id)
    let name = rank > 2 ? transpose(last, [0, rank - 1] + Array(1..<rank - 1)) : last
    channelsFirst[id] = name
    return name
  }

  /// Whether a tensor exists only with channels first.
  func isChannelsFirst(_ id: TensorID) -> Bool {
    channelsLast[id] == nil && channelsFirst[id] != nil
  }

  mutating func set(_ id: TensorID, _ name: String) { channelsLast[id] = name }
  mutating func setChannelsFirst(_ id: TensorID, _ name: String) { channelsFirst[id] = name }

  mutating func transpose(_ name: String, _ axes: [Int]) -> String {
    builder.add("Transpose", [name], ["perm": .integers(axes)])
  }

  /// A tensor that no node computes.
  private mutating func source(_ id: TensorID) throws(ExportError) -> String {
    switch graph[id].role {
    case .parameter(let name), .state(let name):
      guard let weight = weights[name] else { preconditionFailure("\(name) has no weights") }
      return builder.constant(ONNXTensor(weight, named: name))
    case .constant(let value) where shape(id).rank == 0: return builder.constant(Float(value))
    case .input(name: "label"): return oneHot(classes: shape(id).columns)
    case .input(name: "shift"): return scale("shift", scaling.shift, id)
    case .input(name: "factor"): return scale("factor", scaling.factor, id)
    case .input(let name): return input(name, id)
    case .examples, .order, .labels, .constant, .value: throw .operation("\(graph[id].role)")
    }
  }

  /// The shift or factor of the input, one value per feature, or per column of a series.
  private mutating func scale(_ name: String, _ values: [Double], _ id: TensorID) -> String {
    let whole = shape(id)
    let size = values.count == whole.count ? whole.dimensions : [values.count]
    return builder.constant(
      ONNXTensor(name: "input.\(name)", shape: size, values.map { Float($0) }))
  }

  /// An input of the model with the type of a tensor.
  mutating func input(_ name: String, _ id: TensorID) -> String {
    declare(
      ONNXValue(
        name: name, elementType: .float32, dimensions: dimensions(id), documentation: ""))
  }

  private mutating func declare(_ value: ONNXValue) -> String {
    if !inputs.contains(where: { $0.name == value.name }) { inputs.append(value) }
    // Other inputs come after the examples.
    inputs.sort { $0.elementType == .float32 && $1.elementType != .float32 }
    return value.name
  }

  /// The class of each example, an input, as one-hot rows: rows of an identity matrix, so that an
  /// unknown class is an error.
  mutating func oneHot(classes: Int) -> String {
    let label = declare(
      ONNXValue(
        name: "label", elementType: .int64, dimensions: [.free(Self.batchSize)], documentation: ""))
    var unit = [Float](repeating: 0, count: classes * classes)
    for index in 0..<classes { unit[index * (classes + 1)] = 1 }
    let matrix = builder.constant(
      ONNXTensor(name: "classes", shape: [classes, classes], unit))
    return builder.add("Gather", [matrix, label])
  }

  // MARK: Weights

  /// The trained tensor with this id; `nil` if the tensor is computed.
  func weight(_ id: TensorID) -> Safetensors.Tensor? {
    switch graph[id].role {
    case .parameter(let name), .state(let name): weights[name]
    default: nil
    }
  }

  /// A weight with its axes in another order. For a trained weight it is a constant, as some
  /// readers expect, whose name has the order of its axes.
  mutating func weight(
    _ id: TensorID, axes: [Int], order: String
  ) throws(ExportError) -> String {
    guard let weight = weight(id) else { return transpose(try value(id), axes) }
    return builder.constant(
      ONNXTensor(weight.transposed(axes), named: "\(weight.name).\(order)"))
  }

  /// The node that computes a tensor.
  func producer(_ id: TensorID) -> Node? { producers[id] }
}

extension ONNXTensor {
  /// A trained tensor.
  init(_ tensor: Safetensors.Tensor, named name: String) {
    self.init(name: name, shape: tensor.shape.dimensions, tensor.values)
  }
}
