import Datasets
import Plans
import Recipes
import TestFolders
import TestSupport
import Testing
import Training

/// Training examples that stay in their file and are read while training.
@Suite(.serialized) struct StreamingTests {
  /// Rows of an NPY file, which are read in chunks of four: five windows.
  private static let rowCount = 300

  private func examples(_ type: String, in folder: TemporaryFolder) throws -> Examples {
    let path = try folder.write(Self.file(type), to: "examples.npy")
    var options = DataOptions()
    options.streaming = 0
    var read = try Dataset.load(path, directory: nil, options: options).training
    if read.areDoubles {
      let scaling = FeatureScaling(shift: [Double](repeating: 0.01, count: 16), factor: [])
      read = try scaling.scaled(read, name: "examples.npy")
    }
    var stored = try #require(read.stored)
    stored.chunkByteCount = 4 * stored.rowByteCount
    return read.with(elements: .stored(stored), labels: nil)
  }

  /// An NPY file of 300 rows of 16 numbers between 0 and 1, or bytes.
  private static func file(_ type: String) -> [UInt8] {
    let bytes = (0..<rowCount * 16).map { (index: Int) -> UInt8 in
      UInt8(truncatingIfNeeded: index * 37 + index / 16)
    }
    let header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(rowCount), 16), }"
    let padding = String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    let start: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0]
    let values = bytes.map { Float($0) / 256 }
    let numbers: [UInt8]
    switch type {
    case "|u1": numbers = bytes
    case "<f8": numbers = bytes.map { Double($0) / 257 }.withUnsafeBytes { Array($0) }
    case "<f2": numbers = values.map { Float16($0) }.withUnsafeBytes { Array($0) }
    default: numbers = values.withUnsafeBytes { Array($0) }
    }
    return start + Array((header + padding).utf8) + numbers
  }

  private func train(
    _ recipe: Recipe, _ examples: Examples, on device: TestDevice,
    from start: Trainer.Start = .seed,
    stopAfter steps: Int = .max
  ) throws -> (weights: Weights, losses: [Double], checkpoint: Checkpoint?) {
    let data = TrainingData(
      training: examples, validation: nil, sample: try examples.prefix(20).loaded())
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
    let stored = try examples(type, in: folder)
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
    let stored = try examples("|u1", in: folder)
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
    let stored = try examples("|u1", in: folder)
    let sample = try stored.prefix(20).loaded()
    let recipe = try smallRecipe(batchSize: 7)
    let alone = try train(recipe, stored, on: TestDevice.all[1]).losses
    let losses = try RankThreads.run(count) { ranks in
      let data = TrainingData(training: stored, validation: nil, sample: sample)
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
    let stored = try #require(try examples("|u1", in: folder).stored)
    let sizes = StreamSizes(stored, batchSize: batchSize)
    var seen: Set<[Int]> = []
    for epoch in 0..<3 {
      let order = EpochOrder(sizes, seed: 3, epoch: epoch, shuffles: true)
      let rows = order.rows(at: 0..<Self.rowCount)
      #expect(rows.sorted() == Array(0..<Self.rowCount))
      #expect(rows != rows.sorted())
      seen.insert(rows)
      // Each step is in one section, and its examples are in this window or the one before it.
      let steps = (0..<order.windowCount).map { order.steps(ofWindow: $0, batchSize: batchSize) }
      #expect(steps.flatMap(Array.init) == Array(0..<(Self.rowCount + batchSize - 1) / batchSize))
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
    let stored = try examples("<f4", in: folder)
    let recipe = try smallRecipe(
      batchSize: 7, learningRate: 1e30)
    let data = TrainingData(
      training: stored, validation: nil, sample: try stored.prefix(20).loaded())
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
