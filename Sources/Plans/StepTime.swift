import Graphs

/// The measured time of one step of a plan.
package struct StepTime: Hashable, Sendable {
  /// One launch, call or loop of a step.
  package struct Launch: Hashable, Sendable {
    /// The name of the kernel, or of other code.
    package let kernel: String
    package let seconds: Double

    package init(kernel: String, seconds: Double) {
      self.kernel = kernel
      self.seconds = seconds
    }
  }

  /// Its index in the plan's steps.
  package let step: Int
  /// In order; none if the step needs no work.
  package let launches: [Launch]

  package init(step: Int, launches: [Launch]) {
    self.step = step
    self.launches = launches
  }

  package var seconds: Double { launches.map(\.seconds).reduce(0, +) }
}

/// The launches of a plan, and the time of each in every measured run.
package struct LaunchSamples: Sendable {
  private let launches: [(step: Int, kernel: String)]
  private var seconds: [[Double]]

  package init(_ launches: [(step: Int, kernel: String)]) {
    self.launches = launches
    seconds = Array(repeating: [], count: launches.count)
  }

  /// Adds one run: seconds, one value per launch.
  package mutating func add(_ run: [Double]) {
    precondition(run.count == launches.count, "one time per launch is needed: \(launches.count)")
    for (index, value) in run.enumerated() { seconds[index].append(value) }
  }

  /// The median of each launch, a `StepTime` for every step of `plan`, in order.
  package func stepTimes(of plan: Plan) -> [StepTime] {
    var times = plan.steps.indices.map { _ in [StepTime.Launch]() }
    for (launch, samples) in zip(launches, seconds) {
      times[launch.step].append(StepTime.Launch(kernel: launch.kernel, seconds: samples.median))
    }
    return times.enumerated().map { StepTime(step: $0, launches: $1) }
  }
}

extension Collection<Double> {
  /// The middle value, or the mean of the two in the middle; 0 for none.
  package var median: Double {
    let sorted = sorted()
    guard !sorted.isEmpty else { return 0 }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}
