import Graphs
import Layers

/// What a layer takes from the recipe: the initializers where it names none, and the input where it
/// says `input` for a number.
struct LayerDefaults {
  let initializer: Initializer
  let biasInitializer: Initializer
  let input: Shape

  init(_ recipe: FieldReader, input: Shape) throws(RecipeError) {
    self.input = input
    initializer = try recipe.initializer("initializer") ?? .glorotUniform
    biasInitializer = try recipe.initializer("biasInitializer") ?? .zeros
  }
}

/// The layers' names in a recipe.
private enum LayerKind: String, CaseIterable {
  case dense, tiedDense, conv2D, convTranspose2D, maxPool2D, averagePool2D, upsample2D
  case conv1D, convTranspose1D, maxPool1D, averagePool1D, upsample1D, `repeat`, lstm, gru
  case flatten, reshape, dropout, batchNorm, gaussianNoise, maskingNoise, activation, concatenate,
    penalty
}

extension Layer {
  static func read(
    _ field: FieldReader, _ defaults: LayerDefaults
  ) throws(RecipeError) -> [Layer] {
    var layers: [Layer] = []
    for item in try field.list() {
      let (kind, settings) = try item.variant(of: LayerKind.self)
      layers.append(try Layer(kind, settings, defaults))
    }
    return layers
  }

  private init(
    _ kind: LayerKind, _ field: FieldReader, _ defaults: LayerDefaults
  ) throws(RecipeError) {
    switch kind {
    case .dense: self = .dense(try Dense(field, defaults))
    case .tiedDense: self = .tiedDense(try TiedDense(field, defaults))
    case .conv2D: self = .conv2D(try field.convolution(defaults))
    case .convTranspose2D: self = .convTranspose2D(try field.convolution(defaults))
    case .maxPool2D: self = .maxPool2D(MaxPool2D(window: try field.pool()))
    case .averagePool2D: self = .averagePool2D(AveragePool2D(window: try field.pool()))
    case .upsample2D: self = .upsample2D(try Layers.Upsample2D(field))
    case .conv1D: self = .conv1D(try field.convolution(defaults))
    case .convTranspose1D: self = .convTranspose1D(try field.convolution(defaults))
    case .maxPool1D: self = .maxPool1D(MaxPool1D(window: try field.pool()))
    case .averagePool1D: self = .averagePool1D(AveragePool1D(window: try field.pool()))
    case .upsample1D:
      try field.allow("factor")
      self = .upsample1D(Upsample1D(factor: try field.required("factor").integer(from: 1)))
    case .repeat:
      try field.allow("count")
      let count = try field.required("count")
      self = .repeat(Repeat(count: try count.integer(orInput: defaults.input[0])))
    case .lstm: self = .lstm(try field.recurrent(defaults))
    case .gru: self = .gru(try field.recurrent(defaults))
    case .flatten:
      try field.allow([])
      self = .flatten(Flatten())
    case .reshape:
      try field.allow("shape")
      let shape = try field.required("shape")
      self = .reshape(
        Layers.Reshape(shape: shape.isInput ? defaults.input : Shape(try shape.sizes())))
    case .dropout:
      try field.allow("rate")
      self = .dropout(Layers.Dropout(rate: try field.required("rate").share()))
    case .batchNorm: self = .batchNorm(try Layers.BatchNorm(field))
    case .gaussianNoise:
      try field.allow("deviation")
      self = .gaussianNoise(GaussianNoise(deviation: try field.required("deviation").ramp()))
    case .maskingNoise:
      try field.allow("rate")
      self = .maskingNoise(MaskingNoise(rate: try field.required("rate").share()))
    case .concatenate:
      guard field.node.scalar?.string == "label" else { throw field.error("label") }
      self = .concatenate(ConcatenateLayer())
    case .penalty: self = .penalty(try Penalty(field))
    case .activation: self = .activation(ActivationLayer(try field.choice(Activation.self)))
    }
  }
}

// MARK: Layers of several fields

extension Dense {
  fileprivate init(_ field: FieldReader, _ defaults: LayerDefaults) throws(RecipeError) {
    try field.allow("units", "activation", "initializer", "biasInitializer")
    let settings = try field.weighted(defaults)
    self.init(
      units: try field.required("units").integer(orInput: defaults.input.count),
      activation: settings.activation,
      initializer: settings.initializer, biasInitializer: settings.biasInitializer)
  }
}

extension TiedDense {
  fileprivate init(_ field: FieldReader, _ defaults: LayerDefaults) throws(RecipeError) {
    try field.allow("activation", "biasInitializer")
    let settings = try field.weighted(defaults)
    self.init(activation: settings.activation, biasInitializer: settings.biasInitializer)
  }
}

extension Layers.Upsample2D {
  fileprivate init(_ field: FieldReader) throws(RecipeError) {
    try field.allow("factor", "interpolation")
    self.init(
      factor: try field.required("factor").integer(from: 1),
      interpolation: try field.optional("interpolation")?.choice(Interpolation.self) ?? .nearest)
  }
}

extension Penalty {
  private enum Name: String, CaseIterable { case l1, l2, sparsity }

  /// `{kind: l1, weight: 0.001}`
  fileprivate init(_ field: FieldReader) throws(RecipeError) {
    try field.allow("kind", "weight", "target", "name")
    let name = try field.required("kind").choice(Name.self)
    let target = try field.optional("target")
    if let target, name != .sparsity { throw target.error("kind: sparsity, which has a target") }
    let kind: Kind
    switch name {
    case .l1: kind = .l1
    case .l2: kind = .l2
    case .sparsity: kind = .sparsity(target: try field.required("target").probability())
    }
    let own = try field.optional("name")
    let reported = try own?.string() ?? name.rawValue
    let others = ["loss", "reconstruction", "kl"]
    if let own, !reported.allSatisfy(\.isLetter) || others.contains(reported) {
      throw own.error("a name of letters, other than \(others.joined(separator: ", "))")
    }
    self.init(kind, weight: try field.required("weight").ramp(), reportedName: reported)
  }
}

extension Layers.BatchNorm {
  fileprivate init(_ field: FieldReader) throws(RecipeError) {
    try field.allow("momentum", "epsilon")
    self.init()
    if let momentum = try field.optional("momentum") { self.momentum = try momentum.share() }
    if let epsilon = try field.optional("epsilon") { self.epsilon = try epsilon.positive() }
  }
}

extension FieldReader {
  /// What all layers with weights have.
  fileprivate typealias WeightedSettings = (
    activation: Activation, initializer: Initializer, biasInitializer: Initializer
  )

  fileprivate func weighted(_ defaults: LayerDefaults) throws(RecipeError) -> WeightedSettings {
    (
      try optional("activation")?.choice(Activation.self) ?? .identity,
      try initializer("initializer") ?? defaults.initializer,
      try initializer("biasInitializer") ?? defaults.biasInitializer
    )
  }

  fileprivate func convolution<Layer: ConvolutionLayer>(
    _ defaults: LayerDefaults
  ) throws(RecipeError) -> Layer {
    try allow(
      "filters", "size", "stride", "padding", "activation", "initializer", "biasInitializer")
    let settings = try weighted(defaults)
    return Layer(
      filters: try required("filters").integer(orInput: defaults.input.dimensions.last ?? 1),
      window: try window { _ in 1 }, activation: settings.activation,
      initializer: settings.initializer, biasInitializer: settings.biasInitializer)
  }

  fileprivate func recurrent<Layer: RecurrentLayer>(
    _ defaults: LayerDefaults
  ) throws(RecipeError) -> Layer {
    try allow("units", "returnSequences", "initializer", "biasInitializer")
    let settings = try weighted(defaults)
    return Layer(
      units: try required("units").integer(from: 1),
      returnsSequences: try optional("returnSequences")?.bool() ?? false,
      initializer: settings.initializer, biasInitializer: settings.biasInitializer)
  }

  /// The value is the word `input`: as large as the recipe's input.
  fileprivate var isInput: Bool { node.scalar?.string == RecipeDocument.inputWord }

  /// A whole number, or the input's where it is the word for that.
  fileprivate func integer(orInput size: Int) throws(RecipeError) -> Int {
    if isInput { return size }
    guard let value = node.int, value >= 1, value <= Int32.max else {
      throw error("a whole number from 1 to \(Int32.max), or input")
    }
    return value
  }

  /// The window of a pooling, which moves on by its own size where no stride is given.
  fileprivate func pool() throws(RecipeError) -> Window {
    try allow("size", "stride", "padding")
    return try window { size in size }
  }

  private func window(stride: (_ size: Int) -> Int) throws(RecipeError) -> Window {
    let size = try required("size").integer(from: 1)
    return Window(
      size, stride: try optional("stride")?.integer(from: 1) ?? stride(size),
      padding: try optional("padding")?.choice(Window.Padding.self) ?? .same)
  }

  /// An initializer by its name, or `{normal: {mean: 0, deviation: 1}}`; `nil` where it is not
  /// given.
  func initializer(_ key: String) throws(RecipeError) -> Initializer? {
    guard let field = try optional(key) else { return nil }
    if case .scalar(let scalar) = field.node {
      let known = Initializer.named.first { $0.name == scalar.string }
      guard let known else {
        let names = Initializer.named.map(\.name).joined(separator: ", ")
        throw field.error("one of \(names), or {normal: {mean: 0, deviation: 1}}")
      }
      return known.initializer
    }
    let (_, settings) = try field.variant(["normal"])
    try settings.allow("mean", "deviation")
    return .normal(
      mean: try settings.optional("mean")?.number(-1e6...1e6, "a number") ?? 0,
      deviation: try settings.required("deviation").amount())
  }
}

// MARK: Layers with the same fields

private protocol ConvolutionLayer {
  init(
    filters: Int, window: Window, activation: Activation, initializer: Initializer,
    biasInitializer: Initializer)
}

extension Layers.Conv1D: ConvolutionLayer {}
extension Layers.Conv2D: ConvolutionLayer {}
extension ConvTranspose1D: ConvolutionLayer {}
extension ConvTranspose2D: ConvolutionLayer {}

private protocol RecurrentLayer {
  init(
    units: Int, returnsSequences: Bool, initializer: Initializer, biasInitializer: Initializer)
}

extension Layers.GRU: RecurrentLayer {}
extension Layers.LSTM: RecurrentLayer {}
