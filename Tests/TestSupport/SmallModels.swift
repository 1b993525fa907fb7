import Graphs
import Layers
import Plans

/// Models small enough for the reference backend, of every shape that fusion meets.
package enum SmallModels {
  package static let dense = Model(
    input: [12],
    encoder: [.dense(Dense(units: 7, activation: .relu)), .dense(Dense(units: 3))],
    latent: .deterministic,
    decoder: [.dense(Dense(units: 7, activation: .elu)), .dense(Dense(units: 12))],
    loss: Loss(reconstruction: .binaryCrossEntropyWithLogits, reduction: .mean))

  package static let vae = Model(
    input: [12],
    encoder: [.dense(Dense(units: 8, activation: .relu))],
    latent: .variational(units: 3),
    decoder: [.dense(Dense(units: 8, activation: .tanh)), .dense(Dense(units: 12))],
    loss: Loss(reconstruction: .binaryCrossEntropyWithLogits, reduction: .batchMean))

  /// Activations whose derivative is read off their input, which must then be kept.
  package static let smooth = Model(
    input: [12],
    encoder: [.dense(Dense(units: 7, activation: .gelu)), .dense(Dense(units: 3))],
    latent: .deterministic,
    decoder: [.dense(Dense(units: 7, activation: .silu)), .dense(Dense(units: 12))],
    loss: Loss(reconstruction: .squaredError, reduction: .mean))

  /// Weights that two layers share, and penalties on them and on the code.
  package static let tied = Model(
    input: [12], corruption: .masking(rate: 0.3),
    encoder: [
      .dense(Dense(units: 7, activation: .elu)),
      .dense(Dense(units: 4, activation: .sigmoid, initializer: .he(.truncatedNormal))),
    ],
    latent: .deterministic,
    decoder: [
      .tiedDense(TiedDense(activation: .elu)), .dropout(Layers.Dropout(rate: 0.2)),
      .tiedDense(TiedDense()),
    ],
    loss: Loss(
      reconstruction: .squaredError, reduction: .mean, l1: 0.002, l2: 0.01, codeL1: 0.01,
      sparsity: SparsityPenalty(target: 0.1, weight: 0.05)))

  /// Images, views of them, and state.
  package static let images = Model(
    input: [4, 4, 1], corruption: .gaussian(mean: 0.1, deviation: 0.3, clip: true),
    encoder: [
      .conv2D(Layers.Conv2D(filters: 2, window: Window(3, padding: .same), activation: .tanh)),
      .batchNorm(Layers.BatchNorm(momentum: 0.8)), .activation(ActivationLayer(.leakyRelu)),
      .maxPool2D(MaxPool2D(window: Window(2, stride: 2, padding: .same))),
      .gaussianNoise(GaussianNoise(deviation: 0.1)), .flatten(Flatten()),
      .dropout(Layers.Dropout(rate: 0.3)), .dense(Dense(units: 3)),
    ],
    latent: .deterministic,
    decoder: [
      .dense(Dense(units: 8, activation: .selu)), .batchNorm(Layers.BatchNorm()),
      .reshape(Layers.Reshape(shape: [2, 2, 2])),
      .convTranspose2D(
        ConvTranspose2D(
          filters: 3, window: Window(3, stride: 2, padding: .same), activation: .softplus)),
      .upsample2D(Layers.Upsample2D(factor: 2, interpolation: .bilinear)),
      .averagePool2D(AveragePool2D(window: Window(3, stride: 2, padding: .same))),
      .conv2D(Layers.Conv2D(filters: 1, window: Window(2, padding: .same), activation: .sigmoid)),
    ],
    loss: Loss(reconstruction: .binaryCrossEntropy, reduction: .batchMean, l2: 0.01))

  /// Poolings and upsamplings between convolutions, as the convolutional recipes have them; with
  /// sides that no window fits, and a window that no upsampling folds into.
  package static let pooled = Model(
    input: [5, 6, 1],
    encoder: [
      .conv2D(Layers.Conv2D(filters: 2, window: Window(3, padding: .same), activation: .relu)),
      .maxPool2D(MaxPool2D(window: Window(2, stride: 2, padding: .same))),
      .conv2D(Layers.Conv2D(filters: 3, window: Window(3, padding: .same), activation: .tanh)),
      .maxPool2D(MaxPool2D(window: Window(3, stride: 2, padding: .same))),
    ],
    latent: .deterministic,
    decoder: [
      .upsample2D(Layers.Upsample2D(factor: 3)),
      .conv2D(Layers.Conv2D(filters: 2, window: Window(3, padding: .same), activation: .relu)),
      .upsample2D(Layers.Upsample2D(factor: 2)),
      .conv2D(Layers.Conv2D(filters: 2, window: Window(5, padding: .same), activation: .elu)),
      .upsample2D(Layers.Upsample2D(factor: 2)),
      .conv2D(Layers.Conv2D(filters: 1, window: Window(2, padding: .valid))), .flatten(Flatten()),
      .dense(Dense(units: 30)), .reshape(Layers.Reshape(shape: [5, 6, 1])),
    ],
    loss: Loss(reconstruction: .squaredError, reduction: .mean, l2: 0.01))

  /// Sequences that become shorter and longer again, and a code that is repeated.
  package static let sequences = Model(
    input: [9, 2],
    encoder: [
      .conv1D(Conv1D(filters: 3, window: Window(3, stride: 2, padding: .same), activation: .tanh)),
      .maxPool1D(MaxPool1D(window: Window(2, stride: 1, padding: .valid))),
      .averagePool1D(AveragePool1D(window: Window(2, stride: 2, padding: .same))),
      .dense(Dense(units: 2, activation: .elu)), .flatten(Flatten()), .dense(Dense(units: 3)),
    ],
    latent: .deterministic,
    decoder: [
      .repeat(Repeat(count: 2)), .conv1D(Conv1D(filters: 2, window: Window(1, padding: .same))),
      .upsample1D(Upsample1D(factor: 2)),
      .convTranspose1D(
        ConvTranspose1D(
          filters: 3, window: Window(3, stride: 2, padding: .valid), activation: .softplus)),
      .batchNorm(Layers.BatchNorm()), .dense(Dense(units: 2, activation: .sigmoid)),
    ],
    loss: Loss(reconstruction: .binaryCrossEntropy, reduction: .mean, l2: 0.01))

  /// Recurrent layers, one whose states are all read and one whose last is.
  package static let recurrent = Model(
    input: [5, 2],
    encoder: [
      .lstm(Layers.LSTM(units: 4, returnsSequences: true)),
      .gru(Layers.GRU(units: 3, biasInitializer: .normal(mean: 0, deviation: 0.5))),
    ],
    latent: .deterministic,
    decoder: [
      .repeat(Repeat(count: 5)), .gru(Layers.GRU(units: 3, returnsSequences: true)),
      .lstm(Layers.LSTM(units: 4, returnsSequences: true, biasInitializer: .ones)),
      .dense(Dense(units: 2)),
    ],
    loss: Loss(reconstruction: .squaredError, reduction: .mean, l2: 0.01))

  /// Normalisation, dropout and noise between dense layers of odd widths.
  package static let table = Model(
    input: [13],
    encoder: [
      .dense(Dense(units: 7, activation: .elu)), .batchNorm(Layers.BatchNorm(momentum: 0.8)),
      .activation(ActivationLayer(.tanh)), .dropout(Layers.Dropout(rate: 0.2)),
      .dense(Dense(units: 5, activation: .relu)), .gaussianNoise(GaussianNoise(deviation: 0.1)),
    ],
    latent: .deterministic,
    decoder: [
      .dense(Dense(units: 9, activation: .elu)), .dropout(Layers.Dropout(rate: 0.3)),
      .batchNorm(Layers.BatchNorm()), .dense(Dense(units: 13)),
    ],
    loss: Loss(reconstruction: .squaredError, reduction: .mean))

  /// A codebook between convolutions.
  package static let quantized = Model(
    input: [4, 4, 1],
    encoder: [
      .conv2D(
        Layers.Conv2D(
          filters: 4, window: Window(2, stride: 2, padding: .same), activation: .tanh)),
      .conv2D(Layers.Conv2D(filters: 3, window: Window(1, padding: .same))),
    ],
    latent: .codebook(Codebook(codes: 5, restart: 0.2)),
    decoder: [
      .convTranspose2D(
        ConvTranspose2D(
          filters: 3, window: Window(2, stride: 2, padding: .same), activation: .relu)),
      .conv2D(Layers.Conv2D(filters: 1, window: Window(3, padding: .same))),
    ],
    loss: Loss(reconstruction: .squaredError, reduction: .mean))

  /// Terms of layers, of every kind.
  package static let penalised = Model(
    input: [12],
    encoder: [
      .dense(Dense(units: 7, activation: .tanh)),
      .penalty(Penalty(.l1, weight: 0.05, reportedName: "l1")),
      .dense(Dense(units: 4, activation: .sigmoid)),
      .penalty(Penalty(.sparsity(target: 0.2), weight: 0.3, reportedName: "rare")),
    ],
    latent: .deterministic,
    decoder: [
      .dense(Dense(units: 7, activation: .elu)),
      .penalty(Penalty(.l2, weight: 0.1, reportedName: "l1")), .dense(Dense(units: 12)),
    ],
    loss: Loss(reconstruction: .squaredError, reduction: .mean))

  package static let all = [
    dense, vae, smooth, tied, images, pooled, sequences, recurrent, table, quantized, penalised,
  ]

  package static let exampleCount = 20

  package static func batch(_ size: Int, stride: Int? = nil) -> BatchSource {
    BatchSource(
      feed: .training, exampleCount: exampleCount, elementType: .uint8, batchSize: size,
      stride: stride ?? size, scale: 1.0 / 255)
  }

  package static let adam = Optimizer.adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8)

  package static func layout(_ model: Model) throws -> ParameterLayout {
    ParameterLayout(try model.parameters().map { ($0.name, $0.shape) })
  }

  package static func stateLayout(_ model: Model) throws -> StateLayout {
    StateLayout(try model.states().map { ($0.name, $0.shape) })
  }

  package static func plan(_ name: String, _ step: StepGraph, of model: Model, fused: Bool = true)
    throws
    -> Plan
  {
    Plan(
      name, step.graph, outputs: step.outputs.values.sorted(), parameters: try layout(model),
      state: try stateLayout(model), fused: fused)
  }

  package static func trainingPlan(_ model: Model, fused: Bool) throws -> Plan {
    try plan("training", model.trainingStep(batch(5), optimizer: adam), of: model, fused: fused)
  }

  /// A store for this model with first weights, state and examples in it.
  package static func store(_ model: Model, on backend: any Backend) throws -> any Store {
    let (layout, stateLayout) = (try layout(model), try stateLayout(model))
    let parts = try model.evaluationStep(batch(5)).parts.count
    let feed = FeedLayout(
      examples: TensorType(Shape([exampleCount] + model.input.dimensions), .uint8), stepCount: 4,
      partCount: parts)
    let store = try backend.makeStore(
      StoreLayout(
        parameters: layout, state: stateLayout, momentCount: 2, seed: 3, feeds: [.training: feed]))
    var weights = [Double](repeating: 0, count: layout.count)
    for declaration in try model.parameters() {
      let offset = layout.entry(named: declaration.name)!.offset
      for (element, value) in declaration.initialValues(seed: 5).enumerated() {
        weights[offset + element] = Double(value)
      }
    }
    try store.write(weights, to: .parameters)
    var state = [Double](repeating: 0, count: stateLayout.count)
    for declaration in try model.states() {
      let entry = stateLayout.entry(named: declaration.name)!
      for (element, value) in declaration.initialValues(seed: 5).enumerated() {
        state[entry.offset + element] = Double(value)
      }
    }
    try store.write(state, to: .state)
    let pixels = (0..<exampleCount * model.input.count).map {
      UInt8(truncatingIfNeeded: $0 * 37 + $0 / 5)
    }
    try store.load(.bytes(pixels), into: .training)
    return store
  }
}
