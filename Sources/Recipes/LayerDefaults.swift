import Graphs
import Layers

/// What a layer takes from the recipe: the default initializers, and the input size for the word
/// `input`.
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

extension FieldReader {
  /// The settings of all layers with weights.
  typealias WeightedSettings = (
    activation: Activation, initializer: Initializer, biasInitializer: Initializer
  )

  func weighted(_ defaults: LayerDefaults) throws(RecipeError) -> WeightedSettings {
    (
      try optional("activation")?.choice(Activation.self) ?? .identity,
      try initializer("initializer") ?? defaults.initializer,
      try initializer("biasInitializer") ?? defaults.biasInitializer
    )
  }

  func convolution<Layer: ConvolutionLayer>(
    _ defaults: LayerDefaults
  ) throws(RecipeError) -> Layer {
    let settings = try weighted(defaults)
    return Layer(
      filters: try required("filters").integer(orInput: defaults.input.dimensions.last ?? 1),
      window: try window { _ in 1 }, activation: settings.activation,
      initializer: settings.initializer, biasInitializer: settings.biasInitializer)
  }

  /// Whether the value is the word `input`: the size of the recipe's input.
  var isInput: Bool { node.scalar?.string == RecipeDocument.inputWord }

  /// A whole number, or the input size for the word `input`.
  func integer(orInput size: Int) throws(RecipeError) -> Int {
    if isInput { return size }
    guard let value = node.int, value >= 1, value <= Int32.max else {
      throw error("a whole number from 1 to \(Int32.max), or input")
    }
    return value
  }

  /// The window of a pooling layer. The default stride is the window's size.
  func pool() throws(RecipeError) -> Window { try window { size in size } }

  private func window(stride: (_ size: Int) -> Int) throws(RecipeError) -> Window {
    let size = try required("size").integer(from: 1)
    return Window(
      size, stride: try optional("stride")?.integer(from: 1) ?? stride(size),
      padding: try optional("padding")?.choice(Window.Padding.self) ?? .same)
  }

  /// An initializer by its name, or `{normal: {mean: 0, deviation: 1}}`; `nil` if it is not given.
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

/// Layers with the same fields.
protocol ConvolutionLayer {
  init(
    filters: Int, window: Window, activation: Activation, initializer: Initializer,
    biasInitializer: Initializer)
}

extension Layers.Conv1D: ConvolutionLayer {}
extension Layers.Conv2D: ConvolutionLayer {}
extension ConvTranspose1D: ConvolutionLayer {}
extension ConvTranspose2D: ConvolutionLayer {}
