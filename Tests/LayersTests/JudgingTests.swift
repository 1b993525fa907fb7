import Foundation
import Graphs
import Layers
import Plans
import Randoms
import ReferenceBackend
import TestSupport
import Testing

/// Losses by example, compared with formulas written out here.
@Suite struct JudgingTests {
  private let closeness = Tolerance(absolute: 1e-9, relative: 1e-9)

  private func run(
    _ step: StepGraph, _ model: Model, _ store: any Store, row: Int = 0, at draw: Int = 0,
    codes: [Double] = []
  ) throws -> [String: [Double]] {
    try store.begin(.training, at: row, step: draw, order: nil, schedule: [])
    let executable = try store.prepare(SmallModels.plan("step", step, of: model))
    if let code = step.inputs["code"] { try executable.write(codes, to: code) }
    try executable.run()
    return try step.outputs.mapValues(executable.read)
  }

  private func pixels(_ example: Int, _ count: Int) -> [Double] {
    (example * count..<(example + 1) * count).map {
      Double(UInt8(truncatingIfNeeded: $0 * 37 + $0 / 5)) / 255
    }
  }

  /// Each example's error is its share of the loss.
  @Test(arguments: [SmallModels.dense, SmallModels.smooth, SmallModels.tied, SmallModels.images])
  func errorsOfExamplesAreThoseOfTheLoss(_ model: Model) throws {
    let store = try SmallModels.store(model, on: ReferenceBackend())
    let found = try run(model.judgingStep(SmallModels.batch(5)), model, store)
    let errors = try #require(found["reconstructionError"])
    _ = try run(model.evaluationStep(SmallModels.batch(5)), model, store)
    let loss = try store.losses(.training, rows: 0..<1)[0]
    #expect(errors.count == 5 && closeness.accepts(errors.reduce(0, +) / 5, loss))
    let (a, b) = (try #require(found["original"]), try #require(found["reconstruction"]))
    let size = model.input.count
    for (example, value) in try #require(found["squaredError"]).enumerated() {
      let squares = (example * size..<(example + 1) * size).map {
        (a[$0] - b[$0]) * (a[$0] - b[$0])
      }
      #expect(closeness.accepts(value, squares.reduce(0, +) / Double(size)))
    }
  }

  /// Log-weights from densities with all their constants, and from a decoder that stands alone.
  @Test func logWeightsAreThoseOfTheDensities() throws {
    let model = SmallModels.vae
    let store = try SmallModels.store(model, on: ReferenceBackend())
    let (drawCount, first, examples) = (4, 7, 3..<5)
    let batch = BatchSource(
      feed: .training, exampleCount: SmallModels.exampleCount, elementType: .uint8, batchSize: 2,
      stride: 1, scale: 1.0 / 255)
    let step = try model.boundStep(batch, drawCount: drawCount)
    let found = try run(step, model, store, row: examples.lowerBound, at: first)
    let (mean, logVariance) = (try #require(found["code"]), try #require(found["logVariance"]))
    let logWeights = try #require(found["logWeights"])
    #expect(logWeights.count == 8)
    var codes: [Double] = []
    var ratios: [Double] = []
    for (place, example) in examples.enumerated() {
      for draw in first..<first + drawCount {
        let numbers = Philox(
          seed: 3, stream: .importance, step: UInt64(example) + UInt64(draw) << 32
        ).doubleNormals(count: 3)
        var ratio = 0.0
        for unit in 0..<3 {
          let (m, s) = (mean[place * 3 + unit], logVariance[place * 3 + unit])
          let z = m + numbers[unit] * exp(s / 2)
          codes.append(z)
          let prior = -z * z / 2 - log(2 * Double.pi) / 2
          let posterior = -(z - m) * (z - m) / (2 * exp(s)) - (log(2 * Double.pi) + s) / 2
          ratio += prior - posterior
        }
        ratios.append(ratio)
      }
    }
    let decoding = try run(model.decodingStep(count: 8), model, store, codes: codes)
    let decoded = try #require(decoding["decoded"])
    for result in 0..<8 {
      let target = pixels(examples.lowerBound + result / drawCount, 12)
      let likelihood = zip(decoded[result * 12..<(result + 1) * 12], target).reduce(0) {
        $0 + $1.1 * log($1.0) + (1 - $1.1) * log(1 - $1.0)
      }
      #expect(closeness.accepts(logWeights[result], likelihood + ratios[result]))
    }
  }

  /// Draws are the same in whatever launches, of whatever examples.
  @Test func drawsDependOnNoBatch() throws {
    let model = SmallModels.vae
    let store = try SmallModels.store(model, on: ReferenceBackend())
    func weights(_ size: Int, row: Int, draws: Int, from first: Int) throws -> [Double] {
      let batch = BatchSource(
        feed: .training, exampleCount: SmallModels.exampleCount, elementType: .uint8,
        batchSize: size, stride: 1, scale: 1.0 / 255)
      let step = try model.boundStep(batch, drawCount: draws)
      return try #require(run(step, model, store, row: row, at: first)["logWeights"])
    }
    let all = try weights(20, row: 0, draws: 6, from: 0)
    for row in [0, 4, 19] {
      let one = try weights(1, row: row, draws: 2, from: 3)
      #expect(one == Array(all[row * 6 + 3..<row * 6 + 5]))
    }
    #expect(Set(all).count == all.count)
  }
}
