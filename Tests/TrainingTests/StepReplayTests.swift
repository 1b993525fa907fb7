import Datasets
import Foundation
import Graphs
import Layers
import Plans
import Randoms
import Recipes
import TestSupport
import Testing
import Training

/// Steps that were not finite: kept, computed again, explained.
@Suite struct StepReplayTests {
  /// Trains until a step is not finite.
  private static func fault(
    _ recipe: Recipe, _ examples: Examples, on device: TestDevice
  ) throws -> (recorded: RecordedStep, finding: String, scaling: FeatureScaling) {
    var recorded: RecordedStep?
    let (_, trainer, error) = try train(recipe, training: examples, on: device.open()) {
      event, _ in
      if case .fault(let step) = event { recorded = step }
    }
    guard case .diverged(let step, nil, _, let finding?)? = error as? TrainingError else {
      Issue.record("expected .diverged with a finding, received \(String(describing: error))")
      throw TrainingError.nothingNamed(name: "fault")
    }
    let found = try #require(recorded)
    #expect(found.facts.step == step)
    return (found, finding, trainer.session.scaling)
  }

  private static func exploding() throws -> Recipe {
    var recipe = try smallRecipe(epochs: 50, learningRate: 1e6)
    recipe.model.loss.reconstruction = .squaredError
    recipe.optimizer = .sgd(momentum: 0, nesterov: false)
    return recipe
  }

  /// A learning rate that is too large shows in the weights; the step survives its file.
  @Test(arguments: TestDevice.all.dropFirst()) func learningRate(device: TestDevice) throws {
    let recipe = try Self.exploding()
    let (recorded, finding, scaling) = try Self.fault(
      recipe, smallExamples(count: 17), on: device)
    #expect(finding.contains("weights have grown from "))
    #expect(finding.hasPrefix("first in "))
    #expect(finding.hasSuffix(": lower the learning rate"))
    let file = try recorded.file(["recipe": "", "data": ""])
    let read = try RecordedStep(file, recipe, path: "step")
    #expect(read.facts == recorded.facts)
    #expect(read.examples == recorded.examples)
    #expect(read.checkpoint.weights == recorded.checkpoint.weights)
    for other in TestDevice.all.dropFirst() {
      let outcome = try StepReplay(read, recipe, scaling: scaling, on: other.open()).run()
      #expect(outcome.phase == 0)
      let first = try #require(outcome.first)
      #expect(first.rows.allSatisfy { (0..<17).contains($0) } && !first.rows.isEmpty)
      #expect(FaultCause(outcome, recipe) != .notRepeated)
    }
  }

  /// One example of values that no float can square: it is named, and the data are to blame.
  @Test(arguments: TestDevice.all.dropFirst()) func outlier(device: TestDevice) throws {
    var recipe = try smallRecipe(epochs: 1)
    recipe.model.loss.reconstruction = .squaredError
    var values = (0..<12 * 16).map { Float(sin(Double($0))) }
    values[7 * 16 + 3] = 1e30
    let examples = Examples(count: 12, shape: [16], elements: .floats(values))
    let (recorded, finding, _) = try Self.fault(recipe, examples, on: device)
    #expect(recorded.facts.rows.contains(7))
    #expect(finding.contains("the network sees values up to 1e+30 (row 7): scale the data"))
  }

  /// The same among the validation examples, in the second batch of a variational model.
  @Test(arguments: TestDevice.all.dropFirst()) func outlierOfTheValidation(
    device: TestDevice
  ) throws {
    var recipe = try smallRecipe(epochs: 1, latent: true)
    recipe.model.loss.reconstruction = .squaredError
    let count = 150_000
    var values = (0..<count * 16).map { Float($0 % 97) / 97 }
    values[149_990 * 16 + 3] = 1e30
    let validation = Examples(count: count, shape: [16], elements: .floats(values))
    var recorded: RecordedStep?
    let (told, trainer, error) = try train(
      recipe, training: validation[0..<12], validation: validation, on: device.open()
    ) { event, _ in
      if case .fault(let step) = event { recorded = step }
    }
    guard case .validationDiverged(3, _, let finding?)? = error as? TrainingError else {
      Issue.record("expected .validationDiverged, received \(String(describing: error))")
      return
    }
    #expect(finding.contains("the network sees values up to 1e+30 (row 149990): scale the data"))
    let kept = try #require(recorded)
    #expect(try #require(kept.facts.validationBatch) > 0)
    #expect(kept.checkpoint.weights == told.checkpoints.last?.weights)
    let read = try RecordedStep(
      kept.file(["recipe": "", "data": ""]), recipe, path: "validation")
    #expect(read.facts == kept.facts && read.examples == kept.examples)
    for other in TestDevice.all.dropFirst() {
      let outcome = try StepReplay(
        read, recipe, scaling: trainer.session.scaling, on: other.open()
      ).run()
      #expect(outcome.phase == 0 && outcome.sizes.gradients == nil)
      #expect(outcome.first?.rows.contains(149_990) == true)
    }
  }

  /// A step that went well comes to the loss that it had.
  @Test(arguments: TestDevice.all) func aGoodStep(device: TestDevice) throws {
    var recipe = try smallRecipe(epochs: 1, more: "shuffle: false")
    recipe.model.encoder.insert(.dropout(Dropout(rate: 0.3)), at: 0)
    let examples = smallExamples(count: 17)
    let (longer, _, _) = try train(
      recipe, training: examples, on: device.open(), stopAfter: 3)
    let losses = try #require(longer.checkpoints.last).losses
    #expect(losses.count == 3)
    let (told, trainer, _) = try train(
      recipe, training: examples, on: device.open(), stopAfter: 2)
    let recorded = RecordedStep(
      facts: RecordedStep.Facts(
        step: 3, stepsPerEpoch: 4, rows: Array(10..<15), areBytes: true, device: device.name),
      checkpoint: try #require(told.checkpoints.last), examples: examples[10..<15])
    let outcome = try StepReplay(
      recorded, recipe, scaling: trainer.session.scaling, on: device.open()
    ).run()
    #expect(outcome.phase == nil && outcome.first == nil)
    #expect(outcome.sizes.gradients.map { $0 > 0 } == true && outcome.sizes.weights > 0)
    #expect(outcome.loss.loss == losses.last)
  }

  @Test func damagedFilesAreRefused() throws {
    let recipe = try Self.exploding()
    let (recorded, _, _) = try Self.fault(
      recipe, smallExamples(count: 17), on: TestDevice.all[1])
    let file = try recorded.file(["recipe": "", "data": ""])
    func refuse(_ change: (inout Safetensors) -> Void) {
      var damaged = file
      change(&damaged)
      #expect(throws: TrainingError.self) {
        try RecordedStep(damaged, recipe, path: "step")
      }
    }
    refuse { $0.metadata["replay"] = nil }
    refuse { $0.metadata["replay"] = "{}" }
    refuse {
      $0.metadata["replay"] = $0.metadata["replay"]!.replacing("\"step\":", with: "\"step\":-")
    }
    refuse { $0.tensors.removeAll { $0.name == "batch.examples" } }
    refuse { $0.tensors.removeAll { $0.name.hasPrefix("moment.") || $0.name == "encoder.0.bias" } }
  }

  /// The counts at the end of a run.
  @Test func healthIsCounted() throws {
    let good = RunHealth(
      meanSquaredError: 0.5, errorOfMean: 1, codes: [1, 2, 3, 4], size: 2, divergences: [0.5, 3],
      deadUnits: nil, deadAmong: 0)
    #expect(good.warning == nil && good.idleUnits == nil)
    let bad = RunHealth(
      meanSquaredError: 1, errorOfMean: 1, codes: [1, 2, 1, 4], size: 2, divergences: [0.001, 3],
      deadUnits: RunHealth.Count(count: 3, total: 9), deadAmong: 256)
    #expect(bad.warning?.hasPrefix("reconstructions are no better than the mean") == true)
    #expect(
      bad.idleUnits
        == "1 of 2 units of the code (KL below 0.01 nats), 3 of 9 relu units (0 for each "
        + "of 256 examples)")
    let still = RunHealth(
      meanSquaredError: 0.5, errorOfMean: 1, codes: [1, 2, 1, 4], size: 2, divergences: nil,
      deadUnits: nil, deadAmong: 0)
    #expect(still.idleUnits == "1 of 2 units of the code (one value for all examples)")
  }
}
