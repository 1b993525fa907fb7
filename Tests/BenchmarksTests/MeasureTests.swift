import Benchmarks
import CPUBackend
import Foundation
import Plans
import Recipes
import ReferenceBackend
import Testing

/// Measurements are consistent; durations are not checked.
@Suite(.serialized) struct MeasureTests {
  private func recipe() throws -> Recipe {
    try RecipeDocument(
      text: """
        name: small
        data: nowhere
        input: [6, 6, 1]
        encoder:
          - conv2D: {filters: 3, size: 3, padding: same, activation: relu}
          - flatten: {}
          - dense: {units: 4}
        decoder:
          - dense: {units: 36}
          - reshape: {shape: [6, 6, 1]}
        loss: {reconstruction: squaredError, reduction: mean}
        optimizer:
          adam: {learningRate: 0.01}
        batchSize: 8
        epochs: 1
        earlyStopping: {patience: 2}
        checkpoints: {every: 1, keep: 3}
        """, source: "small"
    ).recipe()
  }

  private var settings: BenchmarkSettings {
    var settings = BenchmarkSettings()
    settings.windows = 3
    settings.windowSeconds = 0.001
    settings.batches = 4
    settings.peakSizes = [8, 16]
    return settings
  }

  static let backends: [@Sendable () -> any Backend] = [
    { ReferenceBackend() }, { CPUBackend() },
  ]

  @Test(arguments: backends.indices)
  func row(_ index: Int) throws {
    let recipe = try recipe()
    let row = try BenchmarkRow(recipe, settings, on: Self.backends[index]())
    #expect(row.recipe == "small" && row.batchSize == 8 && row.stepCount == 4 && row.windows == 3)
    // conv2D 36·27, dense 108·4 and 4·36 multiply-adds an example, forward, and backward by weights
    // and inputs, but not by the examples.
    let products = 2 * 8 * (2 * 36 * 27 + 3 * 108 * 4 + 3 * 4 * 36)
    #expect(row.productFloatingPointOperationsPerStep == products)
    #expect(row.floatingPointOperationsPerStep > products)
    #expect(row.launchesPerStep > 10)
    #expect(["8×8×8", "16×16×16"].contains(row.peak.product))
    for statistics in [
      row.samplesPerSecond, row.floatingPointOperationsPerSecond,
      row.peak.floatingPointOperationsPerSecond,
    ] {
      #expect(0 < statistics.p10 && statistics.p10 <= statistics.median)
      #expect(statistics.median <= statistics.best)
    }
    for statistics in [row.secondsPerStep, row.productSecondsPerStep] {
      #expect(0 < statistics.best && statistics.best <= statistics.median)
      #expect(statistics.median <= statistics.p10)
    }
    // Fractions and rates follow from the times.
    let rate = Double(row.floatingPointOperationsPerStep) / row.secondsPerStep.median
    #expect(
      abs(row.shareOfPeak * row.peak.floatingPointOperationsPerSecond.median / rate - 1) < 1e-9)
    #expect(
      abs(row.shareOfProducts * row.secondsPerStep.median / row.productSecondsPerStep.median - 1)
        < 1e-9)
    #expect(abs(row.samplesPerSecond.median * row.secondsPerStep.median / 8 - 1) < 1e-9)
  }

  @Test func firstStep() throws {
    let backend = CPUBackend()
    let start = FirstStep.now
    let step = try FirstStep(try recipe(), batches: 4, since: start) { backend }
    #expect(step.seconds > 0 && step.seconds <= Double(FirstStep.now - start) * 1e-9)
    #expect(step.peakDeviceBytes == backend.memory.peakByteCount && step.peakDeviceBytes > 0)
    #expect(try #require(step.peakHostBytes) > step.peakDeviceBytes)
  }

  @Test(arguments: backends.indices)
  func profile(_ index: Int) throws {
    let profile = try Profile(
      try recipe(), runs: 3, settings, bandwidthCount: 64, on: Self.backends[index]())
    #expect(profile.steps.map(\.step) == Array(1...profile.steps.count))
    #expect(profile.steps.contains { $0.op.hasPrefix("conv2D(") })
    try expectSums(profile)
  }

  /// A step of two kernels gives its work to the longer one, and both their times are in both
  /// tables.
  @Test func sums() throws {
    let plan = try Subject(try recipe(), batches: 2, on: ReferenceBackend()).plans[0]
    let times = plan.steps.indices.map { step in
      StepTime(
        step: step,
        launches: step == 0
          ? []
          : [
            StepTime.Launch(kernel: step % 2 == 0 ? "even" : "odd", seconds: Double(step)),
            StepTime.Launch(kernel: "end", seconds: 0.25),
          ])
    }
    let limits = Profile.Limits(
      product: "1×1×1", floatingPointOperationsPerSecond: 1000, bytesPerSecond: 500)
    let profile = Profile(
      recipe: "small", batchSize: 8, runs: 1, [(plan, times)], limits, secondsPerStep: 1,
      on: ReferenceBackend().device)
    try expectSums(profile)
    let count = plan.steps.count - 1
    #expect(profile.total.launches == 2 * count)
    #expect(profile.total.seconds == Double(count * (count + 1) / 2) + 0.25 * Double(count))
    #expect(profile.steps[0].cost.shareOfLimit == nil)
    #expect(profile.steps[1].kernels == ["odd", "end"])
    let end = try #require(profile.kernels.first { $0.kernel == "end" })
    #expect(end.cost.launches == count && end.cost.floatingPointOperations == 0)
    for (node, step) in zip(plan.steps, profile.steps).dropFirst() {
      let limit = max(
        Double(plan.floatingPointOperations(of: node)) / 1000,
        Double(plan.byteCount(of: node)) / 500)
      #expect(step.cost.limitSeconds == limit)
      #expect(step.cost.shareOfLimit == limit / step.cost.seconds)
    }
  }

  private func expectSums(_ profile: Profile) throws {
    for costs in [profile.steps.map(\.cost), profile.kernels.map(\.cost)] {
      #expect(costs.map(\.launches).reduce(0, +) == profile.total.launches)
      func near(_ value: (Profile.Cost) -> Double) -> Bool {
        abs(costs.map(value).reduce(0, +) - value(profile.total))
          <= 1e-9 * max(1, value(profile.total))
      }
      #expect(near(\.seconds) && near(\.limitSeconds) && near(\.shareOfTime))
    }
    #expect(abs(profile.total.shareOfTime - 1) < 1e-9)
    let idle = profile.steps.filter(\.kernels.isEmpty).map(\.cost.floatingPointOperations)
    let kernelWork = profile.kernels.map(\.cost.floatingPointOperations).reduce(0, +)
    #expect(kernelWork + idle.reduce(0, +) == profile.total.floatingPointOperations)
    #expect(
      profile.kernels.map(\.cost.seconds) == profile.kernels.map(\.cost.seconds).sorted(by: >))
    // A JSON number is finite.
    _ = try JSONEncoder().encode(profile)
  }
}
