import Datasets
import Foundation
import Graphs
import Layers
import Plans
import Recipes
import Training

/// A run that Tools/golden.py made with another framework in float64; that file says what the fields are.
struct GoldenRun: Decodable {
  struct Layer: Decodable {
    let outputs: Int
    let activation: String
  }

  struct OptimizerSettings: Decodable {
    let name: String
    let learningRate: Double
    let beta1: Double?
    let beta2: Double?
    let epsilon: Double?
  }

  struct Loss: Decodable {
    let loss: Double
    let reconstruction: Double
    let kl: Double?
  }

  struct Values: Decodable {
    let shape: [Int]
    let values: [Double]
  }

  let name: String
  let inputs: Int
  let encoder: [Layer]
  let decoder: [Layer]
  let latent: Int?
  let loss: String
  let optimizer: OptimizerSettings
  let batchSize: Int
  let steps: Int
  let seed: UInt64
  let pixels: [[UInt8]]
  let losses: [Loss]
  let initialWeights: [String: Values]
  let gradients: [String: Values]
  let weights: [String: Values]

  static let names = ["dense", "vae", "dense-elu", "dense-sigmoid", "dense-softplus", "dense-tanh"]

  init(named name: String) throws {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Golden/\(name).json")
    self = try JSONDecoder().decode(GoldenRun.self, from: Data(contentsOf: url))
  }

  var examples: Examples {
    Examples(count: pixels.count, shape: [inputs], elements: .bytes(pixels.flatMap(\.self)))
  }

  /// The run as a recipe file would have it: three epochs hold its ten steps.
  var recipe: Recipe {
    get throws {
      func list(_ layers: [Layer]) -> String {
        layers.map { layer in
          let activation = layer.activation == "linear" ? "identity" : layer.activation
          return "  - dense: {units: \(layer.outputs), activation: \(activation)}"
        }.joined(separator: "\n")
      }
      let (reconstruction, reduction) =
        switch loss {
        case "bceWithLogits": ("binaryCrossEntropyWithLogits", "mean")
        case "bce": ("binaryCrossEntropy", "mean")
        case "mse": ("squaredError", "mean")
        case "sumOfSquares": ("squaredError", "sum")
        default: ("binaryCrossEntropyWithLogits", "batchMean")
        }
      var settings = "learningRate: \(optimizer.learningRate)"
      if let beta1 = optimizer.beta1, let beta2 = optimizer.beta2, let epsilon = optimizer.epsilon {
        settings += ", beta1: \(beta1), beta2: \(beta2), epsilon: \(epsilon)"
      }
      return try RecipeDocument(
        text: """
          name: \(name)
          data: golden
          input: [\(inputs)]
          encoder:
          \(list(encoder))
          \(latent.map { "latent: {variational: {units: \($0)}}" } ?? "")
          decoder:
          \(list(decoder))
          loss: {reconstruction: \(reconstruction), reduction: \(reduction)}
          optimizer: {\(optimizer.name): {\(settings)}}
          batchSize: \(batchSize)
          epochs: 3
          seed: \(seed)
          shuffle: false
          """, source: name
      ).recipe()
    }
  }

  /// Named values as the layout's flat buffer.
  func flat(_ tensors: [String: Values], _ layout: ParameterLayout) -> [Double] {
    var flat = [Double](repeating: 0, count: layout.count)
    for entry in layout.entries {
      guard let tensor = tensors[entry.name], tensor.shape == entry.shape.dimensions else {
        preconditionFailure("\(name) has no \(entry.name) of shape \(entry.shape)")
      }
      flat.replaceSubrange(entry.offset..<entry.offset + entry.shape.count, with: tensor.values)
    }
    precondition(tensors.count == layout.entries.count, "\(name) has other tensors, too")
    return flat
  }
}
