import Graphs
import Layers
import Plans

/// Models small enough for the reference backend, of every shape that fusion meets.
enum SmallModels {
  static let dense = Model(
    input: [12],
    encoder: [.dense(Dense(units: 7, activation: .relu)), .dense(Dense(units: 3))],
    latent: .deterministic,
    decoder: [.dense(Dense(units: 7, activation: .elu)), .dense(Dense(units: 12))],
    loss: Loss(reconstruction: .binaryCrossEntropyWithLogits, reduction: .mean))

  static let vae = Model(
    input: [12],
    encoder: [.dense(Dense(units: 8, activation: .relu))],
    latent: .variational(units: 3),
    decoder: [.dense(Dense(units: 8, activation: .tanh)), .dense(Dense(units: 12))],
    loss: Loss(reconstruction: .binaryCrossEntropyWithLogits, reduction: .batchMean))

  /// Activations whose derivative is read off their input, which must then be kept.
  static let smooth = Model(
    input: [12],
    encoder: [.dense(Dense(units: 7, activation: .gelu)), .dense(Dense(units: 3))],
    latent: .deterministic,
    decoder: [.dense(Dense(units: 7, activation: .silu)), .dense(Dense(units: 12))],
    loss: Loss(reconstruction: .squaredError, reduction: .mean))

  static let all = [dense, vae, smooth]

  static let exampleCount = 20

  static func batch(_ size: Int, stride: Int? = nil) -> BatchSource {
    BatchSource(
      feed: .training, exampleCount: exampleCount, elementType: .uint8, batchSize: size,
      stride: stride ?? size, scale: 1.0 / 255)
  }

  static let adam = Optimizer.adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8)

  static func layout(_ model: Model) throws -> ParameterLayout {
    ParameterLayout(try model.parameters().map { ($0.name, $0.shape) })
  }

  static func trainingPlan(_ model: Model, fused: Bool) throws -> Plan {
    let step = try model.trainingStep(batch(5), optimizer: adam)
    return Plan("training", step.graph, outputs: [], parameters: try layout(model), fused: fused)
  }
}
