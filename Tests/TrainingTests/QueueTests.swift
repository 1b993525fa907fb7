import Datasets
import Graphs
import OpenCLBackend
import Plans
import Recipes
import TestSupport
import Testing
import Training

/// Two queues run what one runs, in whatever order a device takes.
@Suite struct QueueTests {
  /// Of two instructions in different queues that touch the same elements, which one of them
  /// writes, each waits for the other, itself or by what it waits for.
  @Test(arguments: RecipeLibrary.names, OpenCLTestDevice.styled)
  func whatSharesMemoryIsOrdered(_ name: String, _ device: OpenCLTestDevice) throws {
    let recipe = try RecipeDocument(named: name).recipe()
    let plans = try RunPlans(
      recipe, TrainingData(training: examples(recipe.batchSize, for: recipe), validation: nil))
    let backend = try device.open()
    backend.queueCount = .two
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
    backend.queueCount = .two
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

  /// The same numbers to the last bit, after some epochs.
  @Test(arguments: ["deep", "tied-tanh", "vae", "conv"], OpenCLTestDevice.all)
  func twoQueuesFindWhatOneFinds(_ name: String, _ device: OpenCLTestDevice) throws {
    var recipe = try RecipeDocument(named: name).recipe()
    // The batch of other tests, so that kernels are built once for all of them.
    (recipe.epochs, recipe.batchSize) = (3, 2)
    let examples = examples(20, for: recipe)
    let results = try QueueCount.allCases.map { queues in
      let backend = try device.open()
      backend.queueCount = queues
      let (told, _, error) = try train(recipe, training: examples, on: backend)
      #expect(error == nil)
      return told
    }
    let (one, two) = (results[0], results[1])
    #expect(one.epochs.map(\.training.loss) == two.epochs.map(\.training.loss))
    #expect(one.checkpoints.last?.weights == two.checkpoints.last?.weights)
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
