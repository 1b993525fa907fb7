import CPUBackend
import Datasets
import Graphs
import Layers
import Plans
import Recipes
import ReferenceBackend
import TestSupport
import Testing
import Training

/// A device to train on, and how near float32 comes to the reference there.
struct TestDevice: Sendable, CustomTestStringConvertible {
  let name: String
  /// The same OpenCL backend every time, with the programs that it has built.
  let open: @Sendable () throws -> any Backend
  /// Another backend every time, for threads of its own.
  let openOwn: @Sendable () throws -> any Backend
  /// Losses and weights, and gradients, which cancel more.
  let tolerance: Tolerance
  let gradientTolerance: Tolerance

  var testDescription: String { name }

  private init(
    name: String, open: @escaping @Sendable () throws -> any Backend,
    openOwn: (@Sendable () throws -> any Backend)? = nil, tolerance: Tolerance,
    gradientTolerance: Tolerance
  ) {
    (self.name, self.open, self.openOwn) = (name, open, openOwn ?? open)
    (self.tolerance, self.gradientTolerance) = (tolerance, gradientTolerance)
  }

  /// One that computes in float32.
  private init(
    _ name: String, open: @escaping @Sendable () throws -> any Backend,
    openOwn: (@Sendable () throws -> any Backend)? = nil
  ) {
    // A few dozen roundings of 6e-8 each. Adam's first steps are the learning rate (1e-2 at most)
    // whatever the gradient's size, so a small gradient's rounding shows in the weights.
    self.init(
      name: name, open: open, openOwn: openOwn,
      tolerance: Tolerance(absolute: 2e-5, relative: 2e-5),
      gradientTolerance: Tolerance(absolute: 2e-6, relative: 2e-5))
  }

  init(_ device: OpenCLTestDevice) {
    self.init(device.description, open: { try device.shared() }, openOwn: { try device.open() })
  }

  static let reference = TestDevice(
    name: "reference", open: { ReferenceBackend() },
    // Doubles on both sides, summed in other orders.
    tolerance: Tolerance(absolute: 1e-12, relative: 1e-9),
    gradientTolerance: Tolerance(absolute: 1e-12, relative: 1e-9))

  /// Every device that there is.
  static let all: [TestDevice] =
    [reference, TestDevice("cpu") { CPUBackend() }] + OpenCLTestDevice.all.map(TestDevice.init)

  /// The same, but each OpenCL device with the kernels of either style.
  static let styled: [TestDevice] =
    all.prefix(2) + OpenCLTestDevice.styled.map(TestDevice.init)
}

/// A small recipe: `inputs` to 3 and back.
func smallRecipe(
  epochs: Int = 2, batchSize: Int = 5, more: String = "", learningRate: Double = 0.01,
  latent: Bool = false, inputs: Int = 16
) throws -> Recipe {
  try RecipeDocument(
    text: """
      name: small
      data: nowhere
      input: [\(inputs)]
      encoder: [{dense: {units: 6, activation: tanh}}\(latent ? "" : ", {dense: {units: 3}}")]
      \(latent ? "latent: {variational: {units: 3}}" : "")
      decoder: [{dense: {units: \(inputs)}}]
      loss: {reconstruction: binaryCrossEntropyWithLogits, reduction: \(latent ? "batchMean" : "mean")}
      optimizer: {adam: {learningRate: \(learningRate)}}
      batchSize: \(batchSize)
      epochs: \(epochs)
      seed: 3
      \(more)
      """, source: "small"
  ).recipe()
}

/// Bytes that differ from example to example.
func smallExamples(count: Int, features: Int = 16, start: Int = 0) -> Examples {
  var bytes: [UInt8] = []
  for i in start..<start + count {
    for j in 0..<features { bytes.append(UInt8((i * 37 + j * 91 + i * j * 13) % 256)) }
  }
  return Examples(count: count, shape: [features], elements: .bytes(bytes))
}

/// As many examples for a recipe.
func examples(_ count: Int, for recipe: Recipe, start: Int = 0) -> Examples {
  let flat = smallExamples(count: count, features: recipe.model.input.count, start: start)
  return Examples(
    count: count, shape: recipe.model.input.dimensions, elements: flat.elements,
    labels: recipe.model.classes.map { classes in (0..<count).map { Int32($0 % classes) } })
}

extension Examples {
  /// `nil` if they are floats.
  var bytes: [UInt8]? {
    if case .bytes(let bytes) = elements { bytes } else { nil }
  }

  /// `nil` if they are bytes.
  var floats: [Float]? {
    if case .floats(let floats) = elements { floats } else { nil }
  }
}

/// All that a run told.
struct Told {
  var ending: Trainer.Ending?
  var progress: [TrainingEvent.Progress] = []
  var steps: [StepReport] = []
  var epochs: [EpochReport] = []
  var pictures: [PictureData] = []
  var checkpoints: [Checkpoint] = []
  var weights: [Safetensors.Tensor] = []
  var epoch = 0
  var result: TrainingEvent.Result?
}

/// Trains and collects the events; also returns the trainer's error, if any.
func train(
  _ recipe: Recipe, training: Examples, validation: Examples? = nil,
  on backend: any Backend = ReferenceBackend(), from start: Trainer.Start = .seed,
  stopAfter steps: Int? = nil,
  watch: (TrainingEvent, Trainer) throws -> Void = { _, _ in }
) throws -> (told: Told, trainer: Trainer, error: (any Error)?) {
  let data = try TrainingData(training: training, validation: validation)
  let trainer = try Trainer(
    recipe, data, plans: RunPlans(recipe, data), on: backend, from: start)
  var told = Told()
  var asked = 0
  do {
    told.ending = try trainer.run(
      shouldStop: {
        asked += 1
        return steps.map { asked > $0 } ?? false
      },
      handle: { event in
        switch event {
        case .progress(let progress): told.progress.append(progress)
        case .step(let report): told.steps.append(report)
        case .epoch(let report): told.epochs.append(report)
        case .pictures(let pictures): told.pictures.append(pictures)
        case .checkpoint(let checkpoint): told.checkpoints.append(checkpoint)
        case .fault: break
        case .finished(let result):
          (told.weights, told.epoch) = (result.weights.tensors(), result.epoch)
          told.result = result
        }
        try watch(event, trainer)
      })
    return (told, trainer, nil)
  } catch {
    return (told, trainer, error)
  }
}
