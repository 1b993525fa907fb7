/// A layer of an encoder or a decoder.
///
/// Every layer of a recipe's file can be made by its name there, with its fields:
/// `Layer("conv2D", ["filters": 16, "size": 3, "activation": "relu"])`. Those below are shorter.
public struct Layer: Hashable, Sendable {
  let name: String
  let fields: Setting

  /// A layer by its name in a recipe's file; `aegpu recipes format` lists all.
  public init(_ name: String, _ fields: [String: Setting] = [:]) {
    self.name = name
    self.fields = .fields(fields)
  }

  private init(_ name: String, word: String) {
    self.name = name
    fields = .text(word)
  }

  var yaml: String { "\(name): \(fields.yaml)" }

  /// The number of units, channels or steps of a layer.
  public enum Size: Hashable, Sendable, ExpressibleByIntegerLiteral {
    /// This number.
    case of(Int)
    /// The number of values in an example; for channels or steps, those of an example.
    case input

    public init(integerLiteral value: Int) { self = .of(value) }

    var setting: Setting {
      switch self {
      case .of(let size): .whole(size)
      case .input: .text("input")
      }
    }
  }

  /// Activation functions, by their names in a recipe's file.
  public enum Activation: String, Hashable, Sendable, CaseIterable {
    /// `x`
    case identity
    /// `max(x, 0)`
    case relu
    /// `x` above 0, else `0.01 x`
    case leakyRelu
    /// `x` above 0, else `eˣ − 1` (Clevert et al. 2015)
    case elu
    /// `1.0507 x` above 0, else `1.7581 (eˣ − 1)` (Klambauer et al. 2017)
    case selu
    /// `1 / (1 + e⁻ˣ)`
    case sigmoid
    /// `(eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)`
    case tanh
    /// `log(1 + eˣ)`
    case softplus
    /// `x Φ(x)`, with the normal distribution's `Φ` (Hendrycks and Gimpel 2016)
    case gelu
    /// `x / (1 + e⁻ˣ)` (Elfwing et al. 2017)
    case silu
  }

  /// A fully connected layer, `y = f(x W + b)`, `[N, I]` to `[N, units]`; of series, at each step.
  public static func dense(_ units: Size, _ activation: Activation = .identity) -> Layer {
    Layer("dense", ["units": units.setting, "activation": .text(activation.rawValue)])
  }

  /// The transpose of the matching dense layer of the encoder, with the same weight: `y = f(x Wᵀ +
  /// b)`.
  public static func tiedDense(_ activation: Activation = .identity) -> Layer {
    Layer("tiedDense", ["activation": .text(activation.rawValue)])
  }

  /// A convolution of images, `[N, H, W, C]` to `[N, H / stride, W / stride, filters]`, with `same`
  /// padding.
  public static func conv2D(
    _ filters: Size, size: Int = 3, stride: Int = 1, _ activation: Activation = .identity
  ) -> Layer {
    sliding("conv2D", filters, size, stride, activation)
  }

  /// A transposed convolution of images, `[N, H, W, C]` to `[N, stride · H, stride · W, filters]`.
  public static func convTranspose2D(
    _ filters: Size, size: Int = 3, stride: Int = 2, _ activation: Activation = .identity
  ) -> Layer {
    sliding("convTranspose2D", filters, size, stride, activation)
  }

  /// A convolution of series, `[N, T, C]` to `[N, T / stride, filters]`.
  public static func conv1D(
    _ filters: Size, size: Int = 7, stride: Int = 1, _ activation: Activation = .identity
  ) -> Layer {
    sliding("conv1D", filters, size, stride, activation)
  }

  /// A transposed convolution of series, `[N, T, C]` to `[N, stride · T, filters]`.
  public static func convTranspose1D(
    _ filters: Size, size: Int = 7, stride: Int = 2, _ activation: Activation = .identity
  ) -> Layer {
    sliding("convTranspose1D", filters, size, stride, activation)
  }

  private static func sliding(
    _ name: String, _ filters: Size, _ size: Int, _ stride: Int, _ activation: Activation
  ) -> Layer {
    Layer(
      name,
      [
        "filters": filters.setting, "size": .whole(size), "stride": .whole(stride),
        "activation": .text(activation.rawValue),
      ])
  }

  /// The maximum of each `size × size` pixels.
  public static func maxPool2D(_ size: Int = 2) -> Layer {
    Layer("maxPool2D", ["size": .whole(size)])
  }

  /// Repeats each pixel `factor × factor` times.
  public static func upsample2D(_ factor: Int = 2) -> Layer {
    Layer("upsample2D", ["factor": .whole(factor)])
  }

  /// Long short-term memory (Hochreiter and Schmidhuber 1997): a series `[N, T, C]` to its last state
  /// `[N, units]`, or to the states of all steps `[N, T, units]`.
  public static func lstm(_ units: Int, allSteps: Bool = false) -> Layer {
    Layer("lstm", ["units": .whole(units), "returnSequences": .flag(allSteps)])
  }

  /// Gated recurrent units (Cho et al. 2014), with the shapes of `lstm`.
  public static func gru(_ units: Int, allSteps: Bool = false) -> Layer {
    Layer("gru", ["units": .whole(units), "returnSequences": .flag(allSteps)])
  }

  /// Repeats a row of numbers, `[N, I]`, at each step: `[N, steps, I]`.
  public static func repeated(_ steps: Size) -> Layer { Layer("repeat", ["count": steps.setting]) }

  /// Flattens each example to one row, `[N, …]` to `[N, I]`.
  public static var flatten: Layer { Layer("flatten") }

  /// Reshapes examples.
  public static func reshape(_ shape: [Int]) -> Layer {
    Layer("reshape", ["shape": .list(shape.map { .whole($0) })])
  }

  /// Sets a random fraction of the values to 0 in training (Srivastava et al. 2014).
  public static func dropout(_ rate: Double) -> Layer { Layer("dropout", ["rate": .number(rate)]) }

  /// Batch normalization (Ioffe and Szegedy 2015).
  public static var batchNorm: Layer { Layer("batchNorm") }

  /// An activation function as a layer.
  public static func activation(_ activation: Activation) -> Layer {
    Layer("activation", word: activation.rawValue)
  }
}
