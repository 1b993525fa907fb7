import Graphs
import Randoms

/// A parameter, as declared by its layer.
package struct ParameterDeclaration: Hashable, Sendable {
  /// For example `encoder.0.weight`.
  package let name: String
  package let shape: Shape
  package let initializer: Initializer
  package let fanIn: Int
  package let fanOut: Int
  /// Its index among all parameters that the network's layers declare, trained or not: the stream
  /// of its random initial values.
  package let index: Int

  package init(
    name: String, shape: Shape, initializer: Initializer, fanIn: Int, fanOut: Int, index: Int = 0
  ) {
    self.name = name
    self.shape = shape
    self.initializer = initializer
    self.fanIn = fanIn
    self.fanOut = fanOut
    self.index = index
  }

  /// The initial values.
  package func initialValues(seed: UInt64) -> [Float] {
    initializer.values(
      shape, fanIn: fanIn, fanOut: fanOut,
      random: Philox(seed: seed, stream: .weights(tensor: index)))
  }
}

/// State that a layer keeps from step to step in addition to its trained parameters, as declared by
/// the layer.
package struct StateDeclaration: Hashable, Sendable {
  /// For example `encoder.1.runningMean`.
  package let name: String
  package let shape: Shape
  private let initial: Initial

  private enum Initial: Hashable, Sendable {
    case value(Double)
    /// A parameter of a part that is not trained.
    case frozen(ParameterDeclaration)
  }

  init(name: String, shape: Shape, initialValue: Double) {
    (self.name, self.shape, initial) = (name, shape, .value(initialValue))
  }

  init(frozen parameter: ParameterDeclaration) {
    (name, shape, initial) = (parameter.name, parameter.shape, .frozen(parameter))
  }

  /// The values before the first step.
  package func initialValues(seed: UInt64) -> [Float] {
    switch initial {
    case .value(let value): [Float](repeating: Float(value), count: shape.count)
    case .frozen(let parameter): parameter.initialValues(seed: seed)
    }
  }
}

/// The purpose of a network.
enum Mode: Hashable, Sendable {
  /// With dropout and noise layers; normalized by the batch.
  case training
  /// Without them; normalized by the running statistics.
  case evaluation
}

/// A network under construction: the graph so far, and the declarations of its layers.
struct NetworkBuilder {
  var graph = Graph()
  let mode: Mode
  /// The feed whose counters determine the random draws.
  let feed: Feed
  let numbering: Numbering
  /// The number of examples of the batch, and their place in that of all ranks.
  let batchSize: Int
  let part: BatchPart?
  /// Values that are the same on all ranks.
  var wholeValues: Set<TensorID> = []
  /// Parts whose parameters are treated like layer state: without gradients and updates.
  private let frozen: [NetworkPart]
  private(set) var parameters: [ParameterDeclaration] = []
  private(set) var states: [StateDeclaration] = []
  /// The weights for L1 and L2 penalties; no biases.
  private(set) var weights: [TensorID] = []
  /// The weights of the dense layers so far.
  var denseWeights: [TensorID] = []
  /// The encoder's dense weights that no tied layer uses yet, the last one last.
  var mirrors: [TensorID] = []
  /// The class of each example, `[N, classes]`, if layers of the model read it.
  var label: TensorID?
  /// Whether the loss is the sum over a batch, and not the mean.
  var sumsBatch = false
  /// The terms that layers add to the objective, each with its layer's name.
  private(set) var terms: [(value: TensorID, part: LossPart, scope: String)] = []
  /// The updates of the layers' state; they are added after the step's record.
  private(set) var stateUpdates: [(op: Op, inputs: [TensorID], scope: String)] = []
  /// The prefix of the names of the next parameters.
  private var scope = ""
  /// The layer that is being built, if it is in a list.
  private var place: LayerPlace?
  private var randomLayerCount = 0
  /// The number of parameters of all layers, including those that are not trained.
  private var parameterCount = 0
  /// Parameters and layer state by name, for parts that share another part's layers.
  private var declared: [String: TensorID] = [:]
  /// The number of requests for parameters, new or shared.
  private var parameterUses = 0

  init(
    _ mode: Mode, feed: Feed, numbering: Numbering, batchSize: Int = 1, part: BatchPart? = nil,
    frozen: [NetworkPart] = []
  ) {
    (self.batchSize, self.part) = (batchSize, part)
    self.mode = mode
    self.feed = feed
    self.numbering = numbering
    self.frozen = frozen
  }

  /// For batches of this source: training draws new numbers in each step, evaluation for each
  /// example.
  init(_ mode: Mode, _ batch: BatchSource, frozen: [NetworkPart] = []) {
    let numbering: Numbering = mode == .training ? .step : .example(stride: batch.stride)
    self.init(
      mode, feed: batch.feed, numbering: numbering, batchSize: batch.batchSize, part: batch.part,
      frozen: frozen)
  }

  /// The mode of the layer that is being built: a part that is not trained also keeps its
  /// statistics.
  var layerMode: Mode { isFrozen ? .evaluation : mode }

  private var isFrozen: Bool { frozen.contains { $0.has(scope + ".") } }

  // MARK: Declarations

  /// Declares a weight of the layer that is being built.
  mutating func weight(
    _ shape: Shape, _ initializer: Initializer, fanIn: Int, fanOut: Int,
    named name: String = "weight"
  ) -> TensorID {
    let isNew = declared["\(scope).\(name)"] == nil
    let id = parameter(name, shape, initializer, fanIn: fanIn, fanOut: fanOut)
    if isNew { weights.append(id) }
    return id
  }

  /// Declares another parameter of the layer that is being built.
  mutating func parameter(
    _ name: String, _ shape: Shape, _ initializer: Initializer, fanIn: Int = 1, fanOut: Int = 1
  ) -> TensorID {
    parameterUses += 1
    if let known = declared["\(scope).\(name)"] { return known }
    let declaration = ParameterDeclaration(
      name: "\(scope).\(name)", shape: shape, initializer: initializer, fanIn: fanIn,
      fanOut: fanOut, index: parameterCount)
    parameterCount += 1
    guard !isFrozen else {
      states.append(StateDeclaration(frozen: declaration))
      return declare(.state(name: declaration.name), named: declaration.name, shape)
    }
    parameters.append(declaration)
    return declare(.parameter(name: declaration.name), named: declaration.name, shape)
  }

  /// Declares state of the layer that is being built.
  mutating func state(_ name: String, _ shape: Shape, initialValue: Double) -> TensorID {
    if let known = declared["\(scope).\(name)"] { return known }
    let declaration = StateDeclaration(
      name: "\(scope).\(name)", shape: shape, initialValue: initialValue)
    states.append(declaration)
    return declare(.state(name: declaration.name), named: declaration.name, shape)
  }

  private mutating func declare(_ role: Role, named name: String, _ shape: Shape) -> TensorID {
    let id = graph.add(role, TensorType(shape))
    declared[name] = id
    return id
  }

  /// Begins a layer that is not a case of `Layer`: its parameters are named `scope.…`.
  mutating func begin(_ scope: String) { self.scope = scope }

  /// Adds a term of the layer that is being built to the objective: `weight · value`.
  /// - Parameters:
  ///   - value: a scalar that does not depend on the batch size.
  ///   - kind: a description with the settings that determine the value: `sparsity to 0.05`. Losses
  ///     with terms of different kinds are not ranked with each other.
  ///   - name: its name in reports; terms with the same name are added.
  mutating func addTerm(_ value: TensorID, _ kind: String, named name: String, weight: Ramp) {
    let part = LossPart(name: name, weight: weight, kind: kind, layer: place)
    terms.append((value, part, scope))
  }

  /// Adds an update of the state of the layer that is being built, after the step's record.
  mutating func updateState(_ op: Op, _ inputs: [TensorID]) {
    stateUpdates.append((op, inputs, scope))
  }

  /// The index of the layer that is being built among those that draw random numbers.
  mutating func randomLayer() -> Int {
    defer { randomLayerCount += 1 }
    return randomLayerCount
  }

  // MARK: Common nodes of layers

  /// `f(x + b)`, with a bias that is declared here.
  mutating func finish(
    _ x: TensorID, bias: Initializer, fanIn: Int, fanOut: Int, _ activation: Activation
  ) throws(GraphError) -> TensorID {
    let units = graph.shape(x).columns
    let bias = parameter("bias", [units], bias, fanIn: fanIn, fanOut: fanOut)
    return try activate(graph.add(.addBias(AddBias()), [x, bias])[0], activation)
  }

  mutating func activate(
    _ x: TensorID, _ activation: Activation
  ) throws(GraphError) -> TensorID {
    guard activation != .identity else { return x }
    return try graph.add(.activate(Activate(activation)), [x])[0]
  }

  /// The scalar of a ramp: a constant if the ramp is constant or nothing is trained.
  mutating func scheduled(_ ramp: Ramp, times factor: Double = 1) throws(GraphError) -> TensorID {
    guard mode == .training, !ramp.isConstant else {
      return graph.add(.constant(factor * ramp.to), TensorType([]))
    }
    let value = try graph.add(.scheduled(Scheduled(ramp)), [])[0]
    return factor == 1 ? value : try scaled(value, by: factor)
  }

  /// Concatenated tensors; all except the first are flattened to rows of features.
  mutating func concatenated(_ tensors: [TensorID]) throws(GraphError) -> TensorID {
    var x = tensors[0]
    for other in tensors.dropFirst() {
      x = try graph.add(.concatenate(Concatenate()), [x, features(other)])[0]
    }
    return x
  }

  /// A tensor as rows of features, `[N, I]`.
  mutating func features(_ x: TensorID) throws(GraphError) -> TensorID {
    let shape = graph.shape(x)
    return try reshape(x, to: [shape[0], shape.count / max(shape[0], 1)])
  }

  /// `factor · x`
  mutating func scaled(_ x: TensorID, by factor: Double) throws(GraphError) -> TensorID {
    let one = graph.add(.constant(1), TensorType([]))
    return try graph.add(.scale(Scale(factor)), [x, one])[0]
  }

  // MARK: Layers

  /// Adds a layer whose parameters are named `scope.…`.
  mutating func build(
    _ layer: Layer, _ x: TensorID, named scope: String
  ) throws(GraphError) -> TensorID {
    self.scope = scope
    let known = parameters.count
    let y = try layer.builder.build(x, in: &self)
    for parameter in parameters[known...] where parameter.shape.count > Shape.largestCount {
      throw .tooLarge(op: layer.name, shape: parameter.shape)
    }
    return y
  }

  /// Adds layers one after the other, named `part.0`, `part.1`, …; only layers with parameters are
  /// counted.
  mutating func build(
    _ layers: [Layer], _ x: TensorID, part: String
  ) throws(GraphError) -> TensorID {
    var x = x
    var index = 0
    defer { place = nil }
    for (number, layer) in layers.enumerated() {
      let before = parameterUses
      place = LayerPlace(part: part, index: number)
      do {
        x = try build(layer, x, named: "\(part).\(index)")
      } catch {
        throw .layer(part: part, index: number, reason: error)
      }
      if parameterUses > before { index += 1 }
    }
    return x
  }
}
