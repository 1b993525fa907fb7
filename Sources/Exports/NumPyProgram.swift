import Datasets
import Graphs
import Layers

/// The computation of a model as a few lines of NumPy: functions `encode` and `decode`, for models
/// of dense layers, batch normalization and elementwise layers.
struct NumPyProgram {
  private(set) var lines: [String]
  private var activations: Set<Activation> = []
  /// The names of the encoder's dense layers that no tied layer uses yet.
  private var mirrors: [String] = []
  private let model: Model

  /// `nil` if a layer would need more than one line.
  init?(_ model: Model, scaling: FeatureScaling) {
    self.model = model
    lines = []
    let arguments = model.classes == nil ? "" : ", label"
    guard let encoder = layers(model.encoder, "encoder", rank: model.input.rank + 1) else {
      return nil
    }
    guard let decoder = layers(model.decoder, "decoder", rank: 2) else { return nil }
    let code: [String]
    switch model.latent {
    case .deterministic: code = ["return x"]
    case .variational:
      code = ["return x @ w[\"mean.weight\"] + w[\"mean.bias\"]  # logVariance.… likewise"]
    case .codebook: return nil
    }
    var output: [String] = []
    if model.loss.reconstruction == .binaryCrossEntropyWithLogits {
      output.append("x = \(apply(.sigmoid, "x"))")
    }
    let normalization = model.normalization
    if normalization.factor { output.append("x = x / np.array(scale[\"factor\"])") }
    if normalization.shift { output.append("x = x + np.array(scale[\"shift\"])") }

    let usesScale = normalization != .none || !scaling.fill.isEmpty
    lines =
      (usesScale ? ["import json"] : []) + (activations.contains(.gelu) ? ["import math"] : [])
      + [
        "import numpy as np", "from safetensors.numpy import load_file", "",
        "w = load_file(\"model.safetensors\")",
      ]
    if usesScale { lines.append("scale = json.load(open(\"config.json\"))[\"normalization\"]") }
    for activation in Activation.allCases where activations.contains(activation) {
      if let formula = activation.formula { define("\(activation.rawValue)(x)", [formula]) }
    }
    define("encode(x\(arguments))", input(scaling) + encoder + code)
    define("decode(x\(arguments))", decoder + output + ["return x"])
  }

  private mutating func define(_ function: String, _ body: [String]) {
    lines += ["", "", "def \(function):"] + body.map { "    " + $0 }
  }

  private func input(_ scaling: FeatureScaling) -> [String] {
    var body: [String] = []
    if !scaling.fill.isEmpty { body.append("x = np.where(np.isnan(x), scale[\"fill\"], x)") }
    if model.normalization.shift { body.append("x = x - np.array(scale[\"shift\"])") }
    if model.normalization.factor { body.append("x = x * np.array(scale[\"factor\"])") }
    if model.masked { body.append("x = np.where(np.isnan(x), 0, x)") }
    return body
  }

  private mutating func apply(_ activation: Activation, _ argument: String) -> String {
    guard activation != .identity else { return argument }
    activations.insert(activation)
    return activation == .tanh ? "np.tanh(\(argument))" : "\(activation.rawValue)(\(argument))"
  }

  /// - Parameter rank: the rank of a batch of the first layer's input.
  private mutating func layers(_ layers: [Layer], _ part: String, rank: Int) -> [String]? {
    var (body, index, rank) = ([String](), 0, rank)
    for layer in layers {
      let name = "\(part).\(index)"
      switch layer {
      case .dense(let dense):
        if part == "encoder" { mirrors.append(name) }
        let sum = "x @ w[\"\(name).weight\"] + w[\"\(name).bias\"]"
        body.append("x = \(apply(dense.activation, sum))")
        index += 1
      case .tiedDense(let dense):
        guard let mirror = mirrors.popLast() else { return nil }
        let sum = "x @ w[\"\(mirror).weight\"].T + w[\"\(name).bias\"]"
        body.append("x = \(apply(dense.activation, sum))")
        index += 1
      case .batchNorm(let norm):
        body += [
          "x = (x - w[\"\(name).runningMean\"]) / np.sqrt(w[\"\(name).runningVariance\"] + "
            + "\(norm.epsilon))",
          "x = x * w[\"\(name).gamma\"] + w[\"\(name).beta\"]",
        ]
        index += 1
      case .activation(let layer): body.append("x = \(apply(layer.activation, "x"))")
      case .flatten:
        body.append("x = x.reshape(len(x), -1)")
        rank = 2
      case .reshape(let layer):
        let sizes = layer.shape.dimensions.map { ", \($0)" }.joined()
        body.append("x = x.reshape(len(x)\(sizes))")
        rank = layer.shape.rank + 1
      case .concatenate:
        guard rank == 2, let classes = model.classes else { return nil }
        body.append("x = np.concatenate([x, np.eye(\(classes))[label]], axis=1)")
      case .dropout, .gaussianNoise, .maskingNoise, .penalty: continue
      case .conv2D, .convTranspose2D, .maxPool2D, .averagePool2D, .upsample2D, .conv1D,
        .convTranspose1D, .maxPool1D, .averagePool1D, .upsample1D, .repeat, .lstm, .gru:
        return nil
      }
    }
    return body
  }
}

extension Activation {
  /// The body of its function, if it needs one.
  fileprivate var formula: String? {
    switch self {
    case .identity, .tanh: nil
    case .relu: "return np.maximum(x, 0)"
    case .leakyRelu: "return np.where(x > 0, x, \(Self.leakySlope) * x)"
    case .elu: "return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))"
    case .selu:
      "return \(Self.seluScale) * np.where(x > 0, x, \(Self.seluAlpha) * np.expm1(np.minimum(x, 0)))"
    case .gelu: "return x / 2 * (1 + np.vectorize(math.erf)(x / np.sqrt(2)))"
    case .silu: "return x / (1 + np.exp(-x))"
    case .sigmoid: "return 1 / (1 + np.exp(-x))"
    case .softplus: "return np.logaddexp(x, 0)"
    }
  }
}
