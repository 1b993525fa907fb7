import Graphs

/// A layer in a listing.
package struct LayerSummary: Hashable, Sendable {
  /// `encoder`, `mean`, `logVariance`, `codebook`, `decoder` or a part's name.
  package let part: String
  /// Its name in a recipe.
  package let name: String
  package let activation: Activation?
  /// The output shape for one example.
  package let output: Shape
  package let parameterCount: Int
  /// Those of a forward pass of one example, outside of training.
  package let floatingPointOperations: Int
}

extension Model {
  /// All layers in order, with the heads of a variational code and other parts.
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
    switch latent {
    case .deterministic: break
    case .variational(let units, _, let initializer, let biasInitializer):
      let head = Layer.dense(
        Dense(units: units, initializer: initializer, biasInitializer: biasInitializer))
      let mean = try network.summarize([head], x, part: "mean", in: &rows)
      _ = try network.summarize([head], x, part: "logVariance", in: &rows)
      x = mean
    case .codebook(let codebook):
      let nodeCount = network.graph.nodes.count
      x = try codebook.quantize(x, in: &network).code
      rows.append(
        LayerSummary(
          part: "codebook", name: "codebook", activation: nil,
          output: Shape(Array(network.graph.shape(x).dimensions.dropFirst())), parameterCount: 0,
          floatingPointOperations: network.operations(after: nodeCount)))
    }
    let code = x
    let decoded = try network.summarize(decoder, x, part: "decoder", in: &rows)
    var tensors: [String: TensorID] = [
      ModelTensor.input.rawValue: input, ModelTensor.code.rawValue: code,
      ModelTensor.prior.rawValue: code, ModelTensor.reconstruction.rawValue: decoded,
    ]
    tensors[ModelTensor.label.rawValue] = network.label
    for part in parts {
      if let owner = part.shares {
        // The part that it shares, with its own shapes.
        let decoder = NetworkPart.decoder.rawValue
        tensors[part.name] = owner == decoder ? decoded : tensors[owner]
        continue
      }
      var read: [TensorID] = []
      for name in part.reads {
        guard let tensor = tensors[name] else { throw .unknownTensor(name: name) }
        read.append(tensor)
      }
      tensors[part.name] = try network.summarize(
        part.layers, network.concatenated(read), part: part.name, in: &rows)
    }
    return rows
  }
}

extension NetworkBuilder {
  /// The operations of the nodes from the `nodeCount`-th on.
  fileprivate func operations(after nodeCount: Int) -> Int {
    graph.nodes[nodeCount...].reduce(0) { sum, node in
      sum.addingCapped(
        node.op.operation.floatingPointOperations(
          inputs: node.inputs.map(graph.shape), outputs: node.outputs.map(graph.shape)))
    }
  }

  /// Builds layers and records what each adds.
  fileprivate mutating func summarize(
    _ layers: [Layer], _ x: TensorID, part: String, in rows: inout [LayerSummary]
  ) throws(GraphError) -> TensorID {
    var x = x
    for layer in layers {
      let (parameterCount, nodeCount) = (parameters.count, graph.nodes.count)
      x = try build(layer, x, named: "\(part).\(rows.count)")
      rows.append(
        LayerSummary(
          part: part, name: layer.name, activation: layer.activation,
          output: Shape(Array(graph.shape(x).dimensions.dropFirst())),
          parameterCount: parameters[parameterCount...].map(\.shape.count).reduce(0, +),
          floatingPointOperations: operations(after: nodeCount)))
    }
    return x
  }
}
