import Graphs

/// All layers, with their settings.
package enum Layer: Hashable, Sendable {
  case dense(Dense)
  case tiedDense(TiedDense)
  case conv2D(Conv2D)
  case convTranspose2D(ConvTranspose2D)
  case maxPool2D(MaxPool2D)
  case averagePool2D(AveragePool2D)
  case upsample2D(Upsample2D)
  case conv1D(Conv1D)
  case convTranspose1D(ConvTranspose1D)
  case maxPool1D(MaxPool1D)
  case averagePool1D(AveragePool1D)
  case upsample1D(Upsample1D)
  case `repeat`(Repeat)
  case lstm(LSTM)
  case gru(GRU)
  case flatten(Flatten)
  case reshape(Reshape)
  case dropout(Dropout)
  case batchNorm(BatchNorm)
  case gaussianNoise(GaussianNoise)
  case maskingNoise(MaskingNoise)
  case activation(ActivationLayer)
  case concatenate(ConcatenateLayer)
  case penalty(Penalty)

  var builder: any LayerBuilder {
    switch self {
    case .dense(let layer): layer
    case .tiedDense(let layer): layer
    case .conv2D(let layer): layer
    case .convTranspose2D(let layer): layer
    case .maxPool2D(let layer): layer
    case .averagePool2D(let layer): layer
    case .upsample2D(let layer): layer
    case .conv1D(let layer): layer
    case .convTranspose1D(let layer): layer
    case .maxPool1D(let layer): layer
    case .averagePool1D(let layer): layer
    case .upsample1D(let layer): layer
    case .repeat(let layer): layer
    case .lstm(let layer): layer
    case .gru(let layer): layer
    case .flatten(let layer): layer
    case .reshape(let layer): layer
    case .dropout(let layer): layer
    case .batchNorm(let layer): layer
    case .gaussianNoise(let layer): layer
    case .maskingNoise(let layer): layer
    case .activation(let layer): layer
    case .concatenate(let layer): layer
    case .penalty(let layer): layer
    }
  }
}

/// A layer that can add itself to a network under construction.
protocol LayerBuilder: Hashable, Sendable {
  /// Its name in a recipe.
  static var name: String { get }
  /// Whether the output has the same elements as the input, possibly with another shape.
  static var keepsElements: Bool { get }
  /// Whether the output is within the range of the input.
  static var keepsRange: Bool { get }
  /// Whether it works for images of any size with the same weights, and scales the size
  /// proportionally.
  static var slidesOverImages: Bool { get }

  /// Adds the layer's parameters and nodes.
  /// - Parameter x: the layer's input, `[N, …]`.
  /// - Returns: its output, `[N, …]`.
  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID
}

extension LayerBuilder {
  static var keepsElements: Bool { false }
  static var keepsRange: Bool { keepsElements }
  static var slidesOverImages: Bool { false }
}

/// A layer that passes on its input unchanged, also in training.
protocol PassingLayer: LayerBuilder {}

extension PassingLayer {
  static var keepsElements: Bool { true }
  static var keepsRange: Bool { true }
  static var slidesOverImages: Bool { true }
}

/// A layer that ends with an activation.
protocol ActivatedLayer: LayerBuilder {
  var activation: Activation { get set }
  /// This layer as a case of `Layer`.
  var layer: Layer { get }
}

extension Layer {
  /// The activation of this layer, if it can have one.
  package var activation: Activation? { (builder as? any ActivatedLayer)?.activation }

  /// This layer without its activation.
  var linear: Layer {
    guard var layer = builder as? any ActivatedLayer else { return self }
    layer.activation = .identity
    return layer.layer
  }

  private var kind: any LayerBuilder.Type { type(of: builder) }

  /// The layer's name in a recipe.
  package var name: String { kind.name }
  var keepsElements: Bool { kind.keepsElements }
  var keepsRange: Bool { kind.keepsRange }
  var slidesOverImages: Bool { kind.slidesOverImages }
}
