import Graphs

/// A layer as a listing shows it.
package struct LayerSummary: Hashable, Sendable {
  /// `encoder`, `mean`, `logVariance`, `decoder` or a part's name.
  package let part: String
  /// Its name in a recipe.
  package let name: String
  package let activation: Activation?
  /// Of one example.
  package let output: Shape
  package let parameterCount: Int
  /// Of a forward pass of one example, outside training.
  package let floatingPointOperations: Int
}

extension Model {
  /// Every layer in order, the heads of a variational code and other parts included.
  package func summary() throws(GraphError) -> [LayerSummary] {
    var network = NetworkBuilder(.evaluation, .one, frozen: frozen)
    var rows: [LayerSummary] = []
    let input = network.graph.add(
      .input(name: "x"), TensorType(Shape([1] + input.dimensions)))
    network.label = classes.map {
      network.graph.add(.input(name: "label"), TensorType([1, $0]))
    }
    var x = input
    x = try network.summarize(encoder, x, part: "encoder", in: &rows)
    network.mirrors = network.denseWeights
    if case .variational(let units, _, let initializer, let biasInitializer) = latent {
      let head = Layer.dense(
        Dense(units: units, initializer: initializer, biasInitializer: biasInitializer))
      let mean = try network.summarize([head], x, part: "mean", in: &rows)
      _ = try network.summarize([head], x, part: "logVariance", in: &rows)
      x = mean
    }
    let code = x
    let decoded = try network.summarize(decoder, x, part: "decoder", in: &rows)
    var tensors: [String: TensorID] = [
      ModelTensor.input.rawValue: input, ModelTensor.code.rawValue: code,
      ModelTensor.prior.rawValue: code, ModelTensor.reconstruction.rawValue: decoded,
    ]
    tensors[ModelTensor.label.rawValue] = network.label
    for part in parts where part.shares == nil {
      var read: TensorID?
      for name in part.reads {
        guard let other = tensors[name] else { throw .unknownTensor(name: name) }
        if let before = read {
          read = try network.graph.add(.concatenate(Concatenate()), [before, other])[0]
        } else {
          read = other
        }
      }
      tensors[part.name] = try network.summarize(part.layers, read!, part: part.name, in: &rows)
    }
    return rows
  }
}

extension NetworkBuilder {
  /// Builds layers and notes what each adds.
  fileprivate mutating func summarize(
    _ layers: [Layer], _ x: TensorID, part: String, in rows: inout [LayerSummary]
  ) throws(GraphError) -> TensorID {
    var x = x
    for layer in layers {
      let (parameterCount, nodeCount) = (parameters.count, graph.nodes.count)
      x = try build(layer, x, named: "\(part).\(rows.count)")
      let operations = graph.nodes[nodeCount...].map { node in
        node.op.operation.floatingPointOperations(
          inputs: node.inputs.map(graph.shape), outputs: node.outputs.map(graph.shape))
      }
      rows.append(
        LayerSummary(
          part: part, name: layer.name, activation: layer.activation,
          output: Shape(Array(graph.shape(x).dimensions.dropFirst())),
          parameterCount: parameters[parameterCount...].map(\.shape.count).reduce(0, +),
          floatingPointOperations: operations.reduce(0) { $0.addingCapped($1) }))
    }
    return x
  }
}
