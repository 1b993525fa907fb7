import CPUBackend
import Doctor
import OpenCLBackend
import Plans
import Recipes
import ReferenceBackend
import TestFolders
import TestSupport
import Testing
import Training
import Tuning

/// Devices that compute right are found to, with the kernels of either style and each schedule.
@Suite(.serialized) struct RecipeTests {
  /// A network with what the classic recipes have, in small.
  static func recipe(_ settings: [String: String] = [:]) throws -> Recipe {
    var document = try RecipeDocument(
      text: """
        name: small
        data: nowhere
        input: [6, 6, 1]
        corruption: {gaussian: {mean: 0, deviation: 0.3, clip: true}}
        encoder:
          - conv2D: {filters: 3, size: 3, padding: same, activation: relu}
          - maxPool2D: {size: 2, padding: same}
          - flatten: {}
          - dense: {units: 9, activation: tanh}
          - batchNorm: {}
          - dropout: {rate: 0.2}
        latent:
          variational: {units: 4}
        decoder:
          - dense: {units: 36}
          - reshape: {shape: [6, 6, 1]}
        loss: {reconstruction: binaryCrossEntropyWithLogits, reduction: batchMean, klWeight: 1, l2: 0.01}
        optimizer:
          adam: {learningRate: 0.01}
        batchSize: 8
        epochs: 1
        checkpoints: {every: 1, keep: 3}
        """, source: "small")
    for (path, value) in settings { try document.set(path, to: value) }
    return try document.recipe()
  }

  /// Batches of 8 and one of 3; validation in one of 13.
  static func plans(_ recipe: Recipe, examples: Int = 43) throws -> RunPlans {
    try RunPlans(
      recipe,
      training: FeedBatches(
        .training, exampleCount: examples, elementType: .uint8, batchSize: recipe.batchSize),
      validation: FeedBatches(
        .validation, exampleCount: 13, elementType: .uint8, batchSize: 100), drawsPictures: false)
  }

  private func result(
    _ recipe: Recipe, examples: Int = 43, on backend: any Backend, budget: Int? = 2000
  ) throws -> RecipeCheck.Result {
    let checked = try CheckedPlans(recipe, Self.plans(recipe, examples: examples))
    return try RecipeCheck(checked.recipe, checked.plans, on: backend, budget: budget).run()
  }

  @Test(arguments: OpenCLTestDevice.styled, OpCases.few([43, 11]))
  func aRightDeviceIsRight(_ device: OpenCLTestDevice, examples: Int) throws {
    for optimizer in OpCases.few([
      "{adam: {learningRate: 0.01}}", "{sgd: {learningRate: 0.01, momentum: 0.9}}",
      "{rmsProp: {learningRate: 0.01}}",
    ]) {
      let recipe = try Self.recipe(["optimizer": optimizer])
      let found = try result(recipe, examples: examples, on: device.open())
      #expect(found.evidence == [], "\(found.evidence.first.map { "\($0)" } ?? "")")
      #expect(found.launchCount > 20)
    }
  }

  @Test(arguments: OpenCLTestDevice.all, Schedule.allCases)
  func eachScheduleIsRight(_ device: OpenCLTestDevice, _ schedule: Schedule) throws {
    let backend = try device.open()
    backend.schedule = schedule
    let found = try result(Self.recipe(), on: backend)
    #expect(found.evidence == [])
  }

  /// A table's network: on CPU devices a step is one launch, in which all layers' statistics change and
  /// the update uses gradients that it computes itself.
  @Test(arguments: OpenCLTestDevice.all)
  func aStepInOneLaunchIsRight(_ device: OpenCLTestDevice) throws {
    let recipe = try RecipeDocument(
      text: """
        name: table
        data: nowhere
        input: [10]
        encoder:
          - dense: {units: 16}
          - batchNorm: {}
          - activation: relu
          - dropout: {rate: 0.2}
          - dense: {units: 4}
        decoder:
          - dense: {units: 16}
          - batchNorm: {}
          - dense: {units: 10}
        loss: {reconstruction: squaredError, reduction: mean}
        optimizer: {adam: {learningRate: 0.01}}
        batchSize: 8
        epochs: 1
        """, source: "table"
    ).recipe()
    let backend = try device.open()
    if device.style == .fat {
      let checked = try CheckedPlans(recipe, Self.plans(recipe))
      let store = try backend.makeStore(checked.plans.store)
      #expect(try store.prepare(checked.plans.training.full).launchCount == 1)
    }
    let found = try result(recipe, on: backend)
    #expect(found.evidence == [], "\(found.evidence.first.map { "\($0)" } ?? "")")
  }

  /// The native backend is judged by the reference backend alone.
  @Test func cpuIsRight() throws {
    let found = try result(Self.recipe(), on: CPUBackend(), budget: nil)
    #expect(found.evidence == [])
  }

  /// Two classic recipes as they are.
  @Test(arguments: OpenCLTestDevice.all, ["dense", "tied"])
  func classicsAreRight(_ device: OpenCLTestDevice, name: String) throws {
    let recipe = try RecipeDocument(named: name).recipe()
    let found = try result(recipe, examples: 1030, on: device.open())
    #expect(found.evidence == [])
  }
}
