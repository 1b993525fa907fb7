import Datasets
import Graphs
import OpenCLBackend
import Plans
import Recipes
import TestSupport
import Testing
import Training

/// However a plan's launches are queued, they do what they do one by one.
@Suite struct ScheduleTests {
  /// Of two instructions in different queues that touch the same elements, which one of them
  /// writes, each waits for the other, itself or by what it waits for.
  @Test(arguments: RecipeLibrary.names.filter { $0 != "table" }, OpenCLTestDevice.styled)
  func whatSharesMemoryIsOrdered(_ name: String, _ device: OpenCLTestDevice) throws {
    let plans = try plans(name)
    let backend = try device.open()
    backend.schedule = .twoQueues
    let plan = plans.training.full
    let orders = backend.queueOrders(plan, plans.store)
    #expect(orders.contains { $0.order.isAside })
    let steps = steps(of: plan, launched: Set(orders.map(\.step)))
    /// The work done before each instruction begins.
    var before: [Set<Int>] = []
    for (index, (_, _, order)) in orders.enumerated() {
      var done: Set<Int> = []
      let sameQueue = (0..<index).last { orders[$0].order.isAside == order.isAside }
      for earlier in [sameQueue, order.waitsFor].compactMap(\.self) {
        done.formUnion(before[earlier].union([earlier]))
      }
      before.append(done)
    }
    for index in orders.indices {
      for earlier in 0..<index where !before[index].contains(earlier) {
        let (a, b) = (steps[orders[earlier].step], steps[orders[index].step])
        #expect(!conflict(a, b, in: plan), "\(a.node) and \(b.node)")
      }
    }
    // Whatever comes after the plan comes after all of it.
    #expect(before.last?.count == orders.count - 1)
  }

  /// Whatever computes the products, no kernel is run from both queues.
  @Test(arguments: ["deep", "tied"], OpenCLTestDevice.forced)
  func queuesShareNoKernel(_ name: String, _ device: OpenCLTestDevice) throws {
    let plans = try plans(name)
    let backend = try device.open()
    backend.schedule = .twoQueues
    let orders = backend.queueOrders(plans.training.full, plans.store)
    let first = Set(orders.filter { !$0.order.isAside }.map(\.code))
    let aside = Set(orders.filter(\.order.isAside).map(\.code))
    #expect(first.isDisjoint(with: aside))
    // Whatever the candidate: sums of columns have a kernel that nothing else takes, and a
    // transposed product of ours is compiled for that.
    if device.candidate != .clblast { #expect(!aside.isEmpty) }
  }

  private func conflict(_ a: Step, _ b: Step, in plan: Plan) -> Bool {
    func endsPlan(_ step: Step) -> Bool {
      switch step.node.op {
      case .record, .update: true
      default: false
      }
    }
    func overlap(_ some: [TensorID], _ others: [TensorID]) -> Bool {
      some.contains { one in others.contains { plan.overlap(one, $0) } }
    }
    return endsPlan(a) || endsPlan(b)
      || overlap(a.written, b.read + b.written) || overlap(a.read, b.written)
  }

  /// A step with the loss and the gradient of its activation fused into a launch.
  private struct Step {
    let node: Node
    var read: [TensorID]
    var written: [TensorID]
  }

  private func steps(of plan: Plan, launched: Set<Int>) -> [Step] {
    var steps = plan.steps.map { Step(node: $0, read: $0.inputs, written: $0.outputs) }
    for index in steps.indices where launched.contains(index) {
      for rider in steps[(index + 1)...].prefix(while: { isRider($0.node) }) {
        steps[index].read += rider.read
        steps[index].written += rider.written
      }
    }
    func isRider(_ node: Node) -> Bool {
      guard let index = plan.steps.firstIndex(of: node), !launched.contains(index) else {
        return false
      }
      switch node.op {
      case .reconstructionLossWithGradient, .activateGradient: return true
      default: return false
      }
    }
    return steps
  }

  /// The same weights to the last bit, after some epochs of batches too small for sums of columns in
  /// several shares. A loss is the same but for the order in which its parts are added up.
  @Test(
    arguments: ["simple", "tied-tanh", "vae", "conv", noisy, sparse, dropouts, normalised],
    OpenCLTestDevice.all)
  func findTheSame(_ name: String, _ device: OpenCLTestDevice) throws {
    var recipe = try recipe(name)
    // A last batch that is not full.
    (recipe.epochs, recipe.batchSize) = (3, 9)
    let backend = try device.open()
    let results = try Schedule.allCases.map { try run(recipe, 20, on: backend, in: $0) }
    let losses = results.map { $0.epochs.map(\.training.loss) }
    #expect(losses[0] == losses[1])
    let close = Tolerance(absolute: 0, relative: 1e-6)
    #expect(close.firstDifference(losses[2], losses[0]) == nil)
    for result in results.dropFirst() {
      #expect(result.checkpoints.last?.weights == results[0].checkpoints.last?.weights)
    }
  }

  /// Whatever the shares of rows, of which no number divides them: here one and three, of which the
  /// device may run each at any time.
  @Test(arguments: ["tied", "vae", noisy, dropouts, normalised], OpenCLTestDevice.all)
  func sharesChangeNothing(_ name: String, _ device: OpenCLTestDevice) throws {
    var recipe = try recipe(name)
    (recipe.epochs, recipe.batchSize) = (2, 13)
    let weights = try [1, 3].map {
      try run(recipe, 26, on: device.open(computeUnits: $0), in: .fused).checkpoints.last?.weights
    }
    #expect(weights[0] != nil && weights[0] == weights[1])
  }

  private static let noisy = "deep, noisy"
  /// A recipe with a step that cannot be fused between two steps that can.
  private static let sparse = "deep, sparse"
  /// Dropout, and no other layer that a batch needs to be trained; rows that fit no block of draws.
  private static let dropouts = "table of 13 columns"
  private static let normalised = "table, normalised"

  private func recipe(_ name: String) throws -> Recipe {
    let changes: (name: String, values: [(path: String, value: String)]) =
      switch name {
      case Self.noisy: ("deep", [("corruption.gaussian.deviation", "0.5")])
      case Self.sparse:
        (
          "deep",
          [
            ("encoder.2.dense.activation", "sigmoid"),
            ("loss.sparsity", "{target: 0.1, weight: 0.5}"),
          ]
        )
      case Self.dropouts: ("table", [("input", "[13]"), ("encoder.0.dense.units", "23")])
      case Self.normalised:
        (
          "table",
          [
            ("input", "[20]"), ("encoder", Self.normalisedLayers([64, 32])),
            ("decoder", Self.normalisedLayers([64], "{dense: {units: input}}")),
          ]
        )
      default: (name, [])
      }
    var document = try RecipeDocument(named: changes.name)
    for (path, value) in changes.values { try document.set(path, to: value) }
    return try document.recipe()
  }

  /// Layers of these widths, each with batch normalisation and dropout.
  private static func normalisedLayers(_ units: [Int], _ last: String...) -> String {
    let layers = units.map {
      "{dense: {units: \($0), activation: relu}}, {batchNorm: {}}, {dropout: {rate: 0.2}}"
    }
    return "[\((layers + last).joined(separator: ", "))]"
  }

  /// The plans of a recipe whose examples are one batch.
  private func plans(_ name: String) throws -> RunPlans {
    var recipe = try recipe(name)
    // There is nothing to watch.
    recipe.earlyStopping = nil
    return try RunPlans(
      recipe, try TrainingData(training: examples(recipe.batchSize, for: recipe), validation: nil))
  }

  private func run(
    _ recipe: Recipe, _ count: Int, on backend: OpenCLBackend, in schedule: Schedule
  ) throws -> Told {
    backend.schedule = schedule
    let (told, _, error) = try train(recipe, training: examples(count, for: recipe), on: backend)
    #expect(error == nil)
    return told
  }

  /// Values written for a plan before it runs are used by the profiled launches.
  @Test(arguments: OpenCLTestDevice.all)
  func profilesWithItsInputs(_ device: OpenCLTestDevice) throws {
    var recipe = try RecipeDocument(named: "tied-tanh").recipe()
    recipe.batchSize = 9
    let examples = examples(27, for: recipe)
    let backend = try device.open()
    let parameters = try [true, false].map { isProfiled in
      let plans = try RunPlans(recipe, try TrainingData(training: examples, validation: nil))
      let store = try backend.makeStore(plans.store)
      try store.load(.bytes(#require(examples.bytes)), into: .training)
      let executable = try store.prepare(plans.training.full)
      #expect(!plans.training.full.inputs.isEmpty)
      for input in plans.training.full.inputs.values {
        let count = plans.training.full.graph.shape(input).count
        try executable.write((0..<count).map { Double($0 % 7) / 8 }, to: input)
      }
      let schedule = (1...3).map { recipe.optimizer.schedule(step: $0, learningRate: 0.01) }
      try store.begin(.training, step: 0, order: nil, schedule: schedule)
      if isProfiled { _ = try executable.profile(runs: 3) }
      for _ in 0..<(isProfiled ? 0 : 3) { try executable.run() }
      return try store.read(.parameters)
    }
    #expect(parameters[0] == parameters[1] && parameters[0].contains { $0 != 0 })
  }

  /// Of the dense recipes a fused step is a handful of launches: the rows, the weight gradients, the
  /// step's end and the update, and what is drawn or taken from the weights before. Of the smallest it
  /// is one.
  @Test(
    arguments: [
      ("simple", 4), ("deep", 4), ("dense", 4), ("latent2d", 4), ("tied-tanh", 4),
      ("linear-pca", 1), ("stacked", 5), ("tied", 5), ("vae", 5), (noisy, 5), (dropouts, 1),
      (normalised, 1),
    ], OpenCLTestDevice.all)
  func fusedStepsAreFewLaunches(
    _ expected: (name: String, launches: Int), _ device: OpenCLTestDevice
  ) throws {
    guard device.style == .fat else { return }
    let plans = try plans(expected.name)
    let orders = try device.shared().queueOrders(plans.training.full, plans.store)
    #expect(orders.count == expected.launches)
  }
}

extension Plan {
  /// Whether two tensors have elements in common.
  fileprivate func overlap(_ a: TensorID, _ b: TensorID) -> Bool {
    func elements(_ start: Int, _ id: TensorID) -> Range<Int> {
      start..<start + graph.shape(id).count
    }
    switch (placements[a], placements[b]) {
    case (.arena(let first), .arena(let second)), (.parameters(let first), .parameters(let second)),
      (.gradients(let first), .gradients(let second)), (.state(let first), .state(let second)):
      return elements(first, a).overlaps(elements(second, b))
    default: return false
    }
  }
}
