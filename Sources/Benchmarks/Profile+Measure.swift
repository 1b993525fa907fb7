import Graphs
import Plans
import Recipes

extension Profile {
  /// Profiles a training step.
  /// - Parameters:
  /// - runs: number of timed steps.
  /// - bandwidthCount: elements of the vectors that measure the bandwidth.
  package init(
    _ recipe: Recipe, runs: Int, _ settings: BenchmarkSettings, bandwidthCount: Int = 1 << 24,
    on backend: any Backend
  ) throws {
    let subject = try Subject(recipe, batches: runs, on: backend)
    let limits = try Limits(settings, bandwidthCount: bandwidthCount, on: backend)
    try subject.trainEpoch()
    let epochs = try (0..<settings.windows).map { _ in try seconds(subject.trainEpoch) }
    let times = try subject.profile(runs: runs)
    self.init(
      recipe: recipe.name, batchSize: recipe.batchSize, runs: runs,
      Array(zip(subject.plans, times)),
      limits,
      secondsPerStep: epochs.median / Double(subject.stepCount), on: backend.device)
  }

  /// The tables of the measured times.
  /// - Parameter phases: the phases of a step, each with a time for every step of its plan, in
  ///   order.
  package init(
    recipe: String, batchSize: Int, runs: Int, _ phases: [(plan: Plan, times: [StepTime])],
    _ limits: Limits, secondsPerStep: Double, on device: DeviceInformation
  ) {
    let times = phases.flatMap(\.times)
    let whole = times.map(\.seconds).reduce(0, +)
    let costs = phases.flatMap { plan, times in
      zip(plan.steps, times).map { node, time in
        Tally(
          launches: time.launches.count, seconds: time.seconds,
          floatingPointOperations: plan.floatingPointOperations(of: node),
          byteCount: plan.byteCount(of: node), limits)
      }
    }
    let names = phases.flatMap { plan, times in
      times.map { time in
        let name = plan.steps[time.step].op.operation.name
        return phases.count == 1 ? name : "\(plan.name): \(name)"
      }
    }
    var kernels: [String: Tally] = [:]
    for (time, cost) in zip(times, costs) {
      let longest = time.launches.indices.max {
        time.launches[$0].seconds < time.launches[$1].seconds
      }
      for (index, launch) in time.launches.enumerated() {
        var part = Tally(launches: 1, seconds: launch.seconds)
        if index == longest { part.takeWork(of: cost) }
        kernels[launch.kernel, default: Tally()].add(part)
      }
    }
    var all = Tally()
    for cost in costs { all.add(cost) }

    self.init(
      recipe: recipe, device: device.identifier, deviceName: device.name, driver: device.driver,
      batchSize: batchSize, runs: runs, limits: limits, secondsPerStep: secondsPerStep,
      steps: zip(zip(times, costs), names).map { timed, name in
        let (time, cost) = timed
        return Step(
          step: time.step + 1, op: name, kernels: time.launches.map(\.kernel),
          cost: cost.cost(of: whole))
      },
      kernels: kernels.map { Kernel(kernel: $0, cost: $1.cost(of: whole)) }
        .sorted { ($1.cost.seconds, $0.kernel) < ($0.cost.seconds, $1.kernel) },
      total: all.cost(of: whole))
  }

  /// Sums of work and time.
  private struct Tally {
    var launches = 0
    var seconds = 0.0
    var floatingPointOperations = 0
    var byteCount = 0
    var limitSeconds = 0.0

    init(launches: Int = 0, seconds: Double = 0) {
      self.launches = launches
      self.seconds = seconds
    }

    init(
      launches: Int, seconds: Double, floatingPointOperations: Int, byteCount: Int, _ limits: Limits
    ) {
      self.init(launches: launches, seconds: seconds)
      self.floatingPointOperations = floatingPointOperations
      self.byteCount = byteCount
      limitSeconds =
        launches == 0
        ? 0
        : limits.seconds(floatingPointOperations: floatingPointOperations, byteCount: byteCount)
    }

    mutating func add(_ other: Tally) {
      launches += other.launches
      seconds += other.seconds
      takeWork(of: other)
    }

    mutating func takeWork(of other: Tally) {
      floatingPointOperations += other.floatingPointOperations
      byteCount += other.byteCount
      limitSeconds += other.limitSeconds
    }

    /// - Parameter whole: the seconds of all steps.
    func cost(of whole: Double) -> Cost {
      func rate(_ count: Int) -> Double { seconds > 0 ? Double(count) / seconds : 0 }
      return Cost(
        launches: launches, seconds: seconds, shareOfTime: whole > 0 ? seconds / whole : 0,
        floatingPointOperations: floatingPointOperations, byteCount: byteCount,
        floatingPointOperationsPerSecond: rate(floatingPointOperations),
        bytesPerSecond: rate(byteCount), limitSeconds: limitSeconds,
        shareOfLimit: seconds > 0 ? limitSeconds / seconds : nil)
    }
  }
}

extension Subject {
  /// Times the steps of an epoch, launch by launch.
  /// - Returns: the times of each phase.
  fileprivate func profile(runs: Int) throws -> [[StepTime]] {
    // The last phase advances the rows.
    try trainer.beginEpoch()
    return try executables.map { try $0.profile(runs: runs) }
  }
}
