import Plans
import Recipes

extension BenchmarkRow {
  /// Measures a recipe on a device. Timing windows of the full step, of its products alone and of
  /// the peak alternate, so that other load of the machine affects all alike.
  package init(_ recipe: Recipe, _ settings: BenchmarkSettings, on backend: any Backend) throws {
    let subject = try Subject(recipe, batches: settings.batches, on: backend)
    let windowSeconds = settings.windowSeconds
    let peak = try PeakProduct(
      settings.peakSizes(on: backend.device), on: backend, windowSeconds: windowSeconds)
    let products = try subject.productsAlone(windowSeconds: windowSeconds)
    let hostSeconds = try subject.hostSecondsPerStep()
    try subject.trainEpoch()
    let epochs = max(1, Int((windowSeconds / (try seconds(subject.trainEpoch))).rounded(.up)))

    var steps: [Double] = []
    var productSteps: [Double] = []
    var peaks: [Double] = []
    for _ in 0..<settings.windows {
      let taken = try seconds { for _ in 0..<epochs { try subject.trainEpoch() } }
      steps.append(taken / Double(epochs * subject.stepCount))
      productSteps.append(try products.map { try $0.window() }.reduce(0, +))
      peaks.append(try peak.window())
    }

    let operations = subject.plans.map(\.floatingPointOperations).reduce(0, +)
    let (stepStatistics, peakStatistics) = (Statistics(seconds: steps), Statistics(rates: peaks))
    self.init(
      recipe: recipe.name, device: backend.device.identifier, deviceName: backend.device.name,
      driver: backend.device.driver, batchSize: recipe.batchSize, windows: settings.windows,
      stepCount: subject.stepCount, floatingPointOperationsPerStep: operations,
      productFloatingPointOperationsPerStep: subject.plans.map(
        \.productsAlone.floatingPointOperations
      )
      .reduce(0, +),
      samplesPerSecond: Statistics(rates: steps.map { Double(recipe.batchSize) / $0 }),
      secondsPerStep: stepStatistics,
      floatingPointOperationsPerSecond: Statistics(rates: steps.map { Double(operations) / $0 }),
      productSecondsPerStep: Statistics(seconds: productSteps),
      peak: Peak(product: peak.name, floatingPointOperationsPerSecond: peakStatistics),
      launchesPerStep: subject.executables.map(\.launchCount).reduce(0, +),
      hostSecondsPerStep: hostSeconds,
      shareOfPeak: Double(operations) / stepStatistics.median / peakStatistics.median,
      shareOfProducts: productSteps.median / stepStatistics.median)
  }
}

extension Subject {
  /// The step's products, in the run's store, with operands that were not computed by a step.
  fileprivate func productsAlone(windowSeconds: Double) throws -> [Repetition] {
    try plans.map { plan in
      let products = plan.productsAlone
      let executable = try store.prepare(products)
      try executable.writeArena(noise(count: products.arenaCount))
      return try Repetition(executable, in: store, windowSeconds: windowSeconds)
    }
  }

  /// The median time of `run()` over the steps of an epoch.
  fileprivate func hostSecondsPerStep() throws -> Double {
    try trainer.beginEpoch()
    let times = try (0..<stepCount).map { _ in
      try seconds { for executable in executables { try executable.run() } }
    }
    try store.finish()
    return times.median
  }
}
