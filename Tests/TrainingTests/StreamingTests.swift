import Datasets
import Plans
import Recipes
import TestFolders
import TestSupport
import Testing
import Training

/// Training examples that stay in their file and are read while training.
@Suite(.serialized) struct StreamingTests {
  private func train(
    _ recipe: Recipe, _ examples: Examples, on device: TestDevice,
    from start: Trainer.Start = .seed,
    stopAfter steps: Int = .max
  ) throws -> (weights: Weights, losses: [Double], checkpoint: Checkpoint?) {
    let data = try TrainingData(training: examples, validation: nil)
    let plans = try RunPlans(recipe, data)
    let trainer = try Trainer(recipe, data, plans: plans, on: device.open(), from: start)
    trainer.logSteps = 1
    var (losses, asked, checkpoint) = ([Double](), 0, Checkpoint?.none)
    _ = try trainer.run(
      shouldStop: {
        asked += 1
        return asked > steps
      },
      handle: {
        if case .step(let report) = $0 { losses.append(report.loss.loss) }
        if case .checkpoint(let state) = $0 { checkpoint = state }
      })
    return (try trainer.session.weights(), losses, checkpoint)
  }

  /// Without shuffling, the same batches come as from memory; the last is smaller.
  @Test(arguments: TestDevice.all, ["|u1", "<f2", "<f4", "<f8"])
  func trainsAsFromMemory(on device: TestDevice, type: String) throws {
    let folder = try TemporaryFolder()
    let stored = try StoredExamples.make(type, in: folder)
    let recipe = try smallRecipe(batchSize: 7, more: "shuffle: false")
    let streamed = try train(recipe, stored, on: device)
    let resident = try train(recipe, stored.loaded(), on: device)
    #expect(streamed.losses.count == 2 * 43)
    #expect(streamed.losses == resident.losses)
    #expect(streamed.weights == resident.weights)

    // Without rows that are held out for validation.
    let held = try stored.heldOut(fraction: 0.3, seed: 3)
    let (kept, validation) = stored.split(holdingOut: held)
    let others = try stored.loaded().split(holdingOut: held)
    #expect(try validation.loaded() == others.validation)
    let part = try train(recipe, kept, on: device)
    #expect(part.weights == (try train(recipe, others.training, on: device)).weights)
    #expect(part.weights != streamed.weights)
  }

  @Test(arguments: TestDevice.all) func goesOnInTheMiddleOfAnEpoch(on device: TestDevice) throws {
    let folder = try TemporaryFolder()
    let stored = try StoredExamples.make("|u1", in: folder)
    let recipe = try smallRecipe(epochs: 3, batchSize: 7)
    let whole = try train(recipe, stored, on: device)
    for steps in [1, 9, 42, 43, 60] {
      let first = try train(recipe, stored, on: device, stopAfter: steps)
      let state = try #require(first.checkpoint)
      let second = try train(recipe, stored, on: device, from: .checkpoint(state))
      #expect(first.losses + second.losses == whole.losses, "\(steps)")
      #expect(second.weights == whole.weights, "\(steps)")
    }
  }

  /// Each rank takes its part of every batch.
  @Test(arguments: [2, 3]) func ranksReadTheSameExamples(count: Int) throws {
    let folder = try TemporaryFolder()
    let stored = try StoredExamples.make("|u1", in: folder)
    let recipe = try smallRecipe(batchSize: 7)
    let alone = try train(recipe, stored, on: TestDevice.all[1]).losses
    let losses = try RankThreads.run(count) { ranks in
      let data = try TrainingData(training: stored, validation: nil)
      let plans = try RunPlans(recipe, data, of: ranks.place)
      let trainer = try Trainer(
        recipe, data, plans: plans, on: TestDevice.all[1].open(), with: ranks)
      trainer.logSteps = 1
      var losses: [Double] = []
      _ = try trainer.run { if case .step(let report) = $0 { losses.append(report.loss.loss) } }
      return losses
    }
    for own in losses {
      #expect(own.count == alone.count)
      #expect(zip(own, alone).allSatisfy { abs($0 - $1) <= 1e-6 })
    }
  }

  @Test(arguments: [1, 7, 30]) func anEpochHasEachRowOnce(batchSize: Int) throws {
    let folder = try TemporaryFolder()
    let stored = try #require(try StoredExamples.make("|u1", in: folder).stored)
    let sizes = StreamSizes(stored, batchSize: batchSize)
    var seen: Set<[Int]> = []
    for epoch in 0..<3 {
      let order = EpochOrder(sizes, seed: 3, epoch: epoch, shuffles: true)
      let rows = order.rows(at: 0..<StoredExamples.rowCount)
      #expect(rows.sorted() == Array(0..<StoredExamples.rowCount))
      #expect(rows != rows.sorted())
      seen.insert(rows)
      // Each step is in one section, and its examples are in this window or the one before it.
      let steps = (0..<order.windowCount).map { order.steps(ofWindow: $0, batchSize: batchSize) }
      #expect(
        steps.flatMap(Array.init)
          == Array(0..<(StoredExamples.rowCount + batchSize - 1) / batchSize))
      for (window, own) in steps.enumerated() where !own.isEmpty {
        #expect(order.window(of: own.lowerBound * batchSize) >= window - 1)
      }
      #expect(order.rows(at: 70..<90) == Array(rows[70..<90]))
    }
    #expect(seen.count == 3)
  }

  /// The numbers of the batch are looked up in the file.
  @Test func keepsTheRowsOfAStepThatIsNotFinite() throws {
    let folder = try TemporaryFolder()
    let stored = try StoredExamples.make("<f4", in: folder)
    let recipe = try smallRecipe(
      batchSize: 7, learningRate: 1e30)
    let data = try TrainingData(training: stored, validation: nil)
    let trainer = try Trainer(
      recipe, data, plans: RunPlans(recipe, data), on: TestDevice.all[1].open())
    var fault: RecordedStep?
    #expect(throws: TrainingError.self) {
      _ = try trainer.run { if case .fault(let step) = $0 { fault = step } }
    }
    let step = try #require(fault)
    let order = EpochOrder(
      StreamSizes(stored.stored!, batchSize: 7), seed: recipe.seed, epoch: 0, shuffles: true)
    let first = 7 * (step.facts.step - 1)
    #expect(step.facts.rows == order.rows(at: first..<first + 7))
    #expect(try step.examples.elements == stored.read(step.facts.rows).elements)
  }
}
