import Datasets
import Graphs
import Plans
import Randoms
import Recipes
import Training

/// Runs the plans of a recipe on a device, on random examples with uneven weights, and judges every
/// launch: the second step of training and the smaller last one, what the first step counts and
/// moves, an evaluation, and the pictures. Then the same steps are run as training queues them, which makes the same
/// numbers.
package struct RecipeCheck {
  /// What came of it.
  package struct Result {
    /// Launches that were judged.
    package var launchCount = 0
    package var evidence: [Evidence] = []
  }

  private let recipe: Recipe
  private let plans: RunPlans
  private let device: Session
  private let judge: Judge
  private let examples: [Feed: Examples]
  private let first: Weights
  private let order: [Int32]

  /// - Parameters:
  ///   - plans: of few examples (`RunPlans.shortened`).
  ///   - budget: for how many microseconds a step may be judged in double precision;
  ///     all if `nil`.
  package init(_ recipe: Recipe, _ plans: RunPlans, on backend: any Backend, budget: Int?) throws {
    self.recipe = recipe
    self.plans = plans
    var examples: [Feed: Examples] = [:]
    for batches in [plans.training, plans.evaluation].compactMap({ $0?.batches }) {
      examples[batches.feed] = Examples(
        randomFor: batches, recipe.model.input, classes: recipe.model.classes)
    }
    self.examples = examples
    let normalization = recipe.model.normalization
    let scaling = FeatureScaling(
      examples[.training]!, byteScale: recipe.preparation.byteScale, shift: normalization.shift,
      factor: normalization.factor)
    device = try Session(plans.store, scaling: scaling, on: backend)
    judge = try Judge(plans.store, budget: budget)
    first = Weights(uneven: plans, seed: recipe.seed)
    order = Shuffle.permutation(
      count: plans.training.batches.exampleCount, seed: recipe.seed, epoch: 0)
  }

  /// - Returns: what is wrong of the first plan of which anything is; a device that fails in one
  ///   thing may fail in all.
  package func run() throws -> Result {
    var result = Result()
    for session in [device] + judge.sessions {
      for (feed, examples) in examples { try session.load(examples, into: feed) }
    }
    try start()
    let steps = plans.training
    var cursor = cursor(after: 0)
    let full = try steps.phases.map { try check($0.full, &result) }
    for extent in [PlanCheck.Extent.counted, .all] {
      for var phase in full where result.evidence.isEmpty {
        result.evidence += try phase.run(extent, at: &cursor)
      }
      if extent == .counted, result.evidence.isEmpty {
        try compareQueued(full.map(\.executable), &result)
        try goOn(at: &cursor)
      }
    }
    for plan in steps.phases.compactMap(\.last) where result.evidence.isEmpty {
      var last = try check(plan, &result)
      result.evidence += try last.run(.all, at: &cursor)
    }
    try checkEvaluation(&result)
    try checkPictures(&result)
    return result
  }

  private func check(_ plan: Plan, _ result: inout Result) throws -> PlanCheck {
    guard let executable = try device.prepare(plan) as? any SteppedExecutable else {
      preconditionFailure("every backend can run its launches one by one")
    }
    result.launchCount += executable.launchCount
    return PlanCheck(executable, in: device, judge: judge)
  }

  private func checkEvaluation(_ result: inout Result) throws {
    guard let steps = plans.evaluation else { return }
    // Draws depend on the batch: one that is not the first is among them where there is one.
    let row = steps.last == nil ? steps.batches.stepCount - 1 : 0
    try check([steps.full, steps.last], on: .validation, from: row, &result)
  }

  private func checkPictures(_ result: inout Result) throws {
    let pictures = plans.pictures
    try check([pictures.reconstruction?.plan, pictures.sampling], on: pictures.feed, &result)
  }

  /// Plans that train nothing, one after the other, from a batch of a feed.
  private func check(
    _ plans: [Plan?], on feed: Feed, from row: Int = 0, _ result: inout Result
  ) throws {
    var cursor = FeedCursor(feed: feed, row: row, table: .empty)
    for plan in plans.compactMap(\.self) where result.evidence.isEmpty {
      var check = try check(plan, &result)
      try cursor.begin(in: device.store)
      result.evidence += try check.run(.all, at: &cursor)
    }
  }

  /// The beginning of an epoch.
  private func cursor(after steps: Int) -> FeedCursor {
    let batches = plans.training.batches
    let table = recipe.table(
      of: steps + 1...steps + batches.stepCount, stepsPerEpoch: batches.stepCount,
      plans.store.ramps)
    return FeedCursor(feed: .training, step: steps, table: table)
  }

  /// Begins anew after the first step where an epoch has but one full batch.
  private func goOn(at cursor: inout FeedCursor) throws {
    let batches = plans.training.batches
    guard batches.exampleCount < 2 * batches.batchSize else { return }
    cursor = self.cursor(after: 1)
    try cursor.begin(in: device.store)
  }

  /// Sets the first weights, empty moments and the beginning of an epoch.
  private func start() throws {
    try judge.write(first.flat.map(Float.init), to: .parameters)
    if !first.state.isEmpty { try judge.write(first.state.map(Float.init), to: .state) }
    for session in judge.sessions { try begin(session) }
    try startDevice()
  }

  private func startDevice() throws {
    try device.write(first)
    for (phase, group) in plans.store.groups.enumerated() {
      let zeros = [Float](repeating: 0, count: group.range.count)
      for index in 0..<group.momentCount {
        try device.store.write(zeros, to: .moment(index, phase: phase), at: 0)
      }
    }
    try begin(device)
  }

  private func begin(_ session: Session) throws {
    try cursor(after: 0).begin(in: session.store, order: order)
  }

  /// Runs the first step once more, as training queues it: no launch may begin too early, and the
  /// same sums make the same numbers.
  private func compareQueued(
    _ executables: [any SteppedExecutable], _ result: inout Result
  ) throws {
    let judged = try contents()
    try startDevice()
    for executable in executables { try executable.run() }
    try device.store.finish()
    for (place, queued) in try contents().enumerated() {
      let (expected, received) = (judged[place].values, queued.values)
      guard expected != received else { continue }
      let wrong = expected.indices.filter { expected[$0] != received[$0] }
      result.evidence.append(
        Evidence(
          plan: plans.training.full.name, step: 0, operation: "all steps", kernels: ["all kernels"],
          quantity: "\(queued.quantity) after launches were queued together",
          shape: "[\(expected.count)]", index: wrong[0], expected: Double(expected[wrong[0]]),
          received: Double(received[wrong[0]]), wrongCount: wrong.count, count: expected.count,
          isOfQueues: true))
    }
  }

  /// What the device's store keeps from step to step.
  private func contents() throws -> [(quantity: String, values: [Float])] {
    let store = plans.store
    var buffers = [("parameters", StoreBuffer.parameters, store.parameters.count)]
    if store.state.count > 0 { buffers.append(("state", .state, store.state.count)) }
    for (phase, group) in store.groups.enumerated() {
      for index in 0..<group.momentCount {
        buffers.append(
          ("moment \(index + 1)", .moment(index, phase: phase), group.range.count))
      }
    }
    return try buffers.map { ($0, try device.store.floats(0..<$2, of: $1)) }
  }
}
