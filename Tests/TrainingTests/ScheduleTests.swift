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
  @Test(arguments: RecipeLibrary.names, OpenCLTestDevice.styled)
  func whatSharesMemoryIsOrdered(_ name: String, _ device: OpenCLTestDevice) throws {
    let recipe = try RecipeDocument(named: name).recipe()
    let plans = try RunPlans(
      recipe, TrainingData(training: examples(recipe.batchSize, for: recipe), validation: nil))
    let backend = try device.open()
    backend.schedule = .twoQueues
    let plan = plans.training.full
    let orders = backend.queueOrders(plan, plans.store)
    #expect(orders.contains { $0.order.isAside })
    /// What is done before each instruction begins.
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
        let (a, b) = (plan.steps[orders[earlier].step], plan.steps[orders[index].step])
        #expect(!conflict(a, b, in: plan), "\(a) and \(b)")
      }
    }
    // Whatever comes after the plan comes after all of it.
    #expect(before.last?.count == orders.count - 1)
  }

  /// Whatever computes the products, no kernel is run from both queues.
  @Test(arguments: ["deep", "tied"], OpenCLTestDevice.forced)
  func queuesShareNoKernel(_ name: String, _ device: OpenCLTestDevice) throws {
    let recipe = try RecipeDocument(named: name).recipe()
    let plans = try RunPlans(
      recipe, TrainingData(training: examples(recipe.batchSize, for: recipe), validation: nil))
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

  private func conflict(_ a: Node, _ b: Node, in plan: Plan) -> Bool {
    func endsPlan(_ node: Node) -> Bool {
      switch node.op {
      case .record, .update: true
      default: false
      }
    }
    func overlap(_ some: [TensorID], _ others: [TensorID]) -> Bool {
      some.contains { one in others.contains { plan.overlap(one, $0) } }
    }
    return endsPlan(a) || endsPlan(b)
      || overlap(a.outputs, b.inputs + b.outputs) || overlap(a.inputs, b.outputs)
  }

  /// The same weights to the last bit, after some epochs. A loss is the same but for the order in
  /// which its parts are added up.
  @Test(arguments: ["simple", "tied", "tied-tanh", "vae", "conv"], OpenCLTestDevice.all)
  func findTheSame(_ name: String, _ device: OpenCLTestDevice) throws {
    var recipe = try RecipeDocument(named: name).recipe()
    // A last batch that is not full, and rows that no number of shares divides.
    (recipe.epochs, recipe.batchSize) = (3, 9)
    let examples = examples(20, for: recipe)
    let results = try Schedule.allCases.map { schedule in
      let backend = try device.open()
      backend.schedule = schedule
      let (told, _, error) = try train(recipe, training: examples, on: backend)
      #expect(error == nil)
      return told
    }
    let losses = results.map { $0.epochs.map(\.training.loss) }
    #expect(losses[0] == losses[1])
    let close = Tolerance(absolute: 0, relative: 1e-6)
    #expect(close.firstDifference(losses[2], losses[0]) == nil)
    for result in results.dropFirst() {
      #expect(result.checkpoints.last?.weights == results[0].checkpoints.last?.weights)
    }
  }

  /// Of the dense recipes a fused step is a handful of launches: the rows, the weight gradients, the
  /// step's end and the update, and what is drawn or taken from the weights before.
  @Test(
    arguments: [
      ("simple", 4), ("deep", 4), ("dense", 4), ("latent2d", 4), ("tied-tanh", 4),
      ("linear-pca", 4), ("stacked", 5), ("tied", 5), ("vae", 5),
    ], OpenCLTestDevice.all)
  func fusedStepsAreFewLaunches(
    _ expected: (name: String, launches: Int), _ device: OpenCLTestDevice
  ) throws {
    guard device.style == .fat else { return }
    let recipe = try RecipeDocument(named: expected.name).recipe()
    let plans = try RunPlans(
      recipe, TrainingData(training: examples(recipe.batchSize, for: recipe), validation: nil))
    let orders = try device.open().queueOrders(plans.training.full, plans.store)
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
