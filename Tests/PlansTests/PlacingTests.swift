import Graphs
import Layers
import Plans
import ReferenceBackend
import TestSupport
import Testing

/// The slots of the arena, checked with lifetimes that the test computes itself.
@Suite struct PlacingTests {
  @Test(arguments: SmallModels.all, [true, false])
  func noTwoLiveValuesShareASlot(_ model: Model, fused: Bool) throws {
    let plan = try SmallModels.trainingPlan(model, fused: fused)
    var owner = [TensorID?](repeating: nil, count: plan.arenaCount)
    /// The tensor that a reshape's result is a view of.
    var origin: [TensorID: TensorID] = [:]

    func elements(_ id: TensorID) -> Range<Int>? {
      switch plan.placements[id] {
      case .arena(let offset), .input(let offset), .constant(let offset, _):
        offset..<offset + plan.graph.shape(id).count
      default: nil
      }
    }
    for (id, placement) in plan.placements {
      if case .constant = placement { for index in elements(id)! { owner[index] = id } }
    }
    // A run on paper: whoever reads must find that nobody wrote over its operand since.
    for node in plan.steps {
      for input in node.inputs {
        for index in elements(input) ?? 0..<0 {
          #expect(
            owner[index] == origin[input] ?? input, "\(node.op.operation.name) reads \(input)")
        }
      }
      if let viewed = node.viewedInput {
        #expect(plan.placements[node.outputs[0]] == plan.placements[viewed])
        origin[node.outputs[0]] = origin[viewed] ?? viewed
        continue
      }
      for output in node.outputs {
        for index in elements(output) ?? 0..<0 {
          if let other = owner[index] {
            let read = node.inputs.map { origin[$0] ?? $0 }
            #expect(!read.contains(other), "\(output) overwrites an operand of its own step")
          }
          owner[index] = output
        }
      }
    }
    // Every one of these tensors alone takes one line of 32 elements, or two.
    let unit = ParameterLayout.alignment
    let needed = plan.graph.tensors.filter { elements($0.id) != nil }
      .map { (plan.graph.shape($0.id).count + unit - 1) / unit * unit }.reduce(0, +)
    #expect(plan.arenaCount < needed, "slots are used again: \(plan.arenaCount) of \(needed)")
  }

  /// Spread out, every value has its elements for itself.
  @Test(arguments: SmallModels.all, [true, false])
  func noTwoValuesOfASpreadPlanShareASlot(_ model: Model, fused: Bool) throws {
    let packed = try SmallModels.trainingPlan(model, fused: fused)
    let plan = packed.spread
    #expect(plan.steps == packed.steps && plan.placements.keys == packed.placements.keys)
    var owner = [TensorID?](repeating: nil, count: plan.arenaCount)
    var views: [TensorID: TensorID] = [:]
    for node in plan.steps {
      if let viewed = node.viewedInput { views[node.outputs[0]] = viewed }
    }
    for (id, placement) in plan.placements {
      switch (placement, packed.placements[id]) {
      case (.arena(let offset), .arena), (.input(let offset), .input):
        if let origin = views[id] {
          #expect(placement == plan.placements[origin])
          continue
        }
        for index in offset..<offset + plan.graph.shape(id).count {
          #expect(owner[index] == nil)
          owner[index] = id
        }
      case (.constant(let offset, let value), .constant(_, let before)):
        #expect(value == before && owner[offset] == nil)
        owner[offset] = id
      case (let after, let before): #expect(after == before)
      }
    }
  }

  @Test func gradientsLieLikeTheirParameters() throws {
    let plan = try SmallModels.trainingPlan(SmallModels.dense, fused: true)
    let layout = try SmallModels.layout(SmallModels.dense)
    let update = try #require(plan.steps.last)
    for (entry, gradient) in zip(layout.entries, update.inputs) {
      #expect(plan.placements[gradient] == .gradients(offset: entry.offset))
      #expect(plan.graph.shape(gradient) == entry.shape)
      #expect(entry.offset % ParameterLayout.alignment == 0)
    }
  }

  /// A view keeps its place alive for as long as anyone reads under either name.
  @Test func viewsLiveTogether() throws {
    var graph = Graph()
    let x = graph.add(.input(name: "x"), TensorType([4, 8]))
    let value = try graph.add(.activate(Activate(.tanh)), [x])[0]
    let view = try graph.add(.reshape(Reshape([32])), [value])[0]
    var last = value
    for _ in 0..<3 { last = try graph.add(.activate(Activate(.relu)), [last])[0] }
    let flat = try graph.add(.reshape(Reshape([32])), [last])[0]
    let sum = try graph.add(.add(Add()), [view, flat])[0]
    let plan = Plan("test", graph, outputs: [flat, sum], parameters: noParameters, fused: false)
    #expect(plan.placements[view] == plan.placements[value])
    #expect(plan.placements[flat] == plan.placements[last])
    #expect(Set([view, flat, sum].map { plan.placements[$0] }).count == 3)
    let executable = try ReferenceBackend().makeStore(.empty).prepare(plan)
    let values = (0..<32).map { Double($0) / 16 - 1 }
    try executable.write(values, to: x)
    try executable.run()
    let tanh = values.map(Activation.tanh.value)
    let expected = tanh.map { $0 + max($0, 0) }
    let closeness = Tolerance(absolute: 1e-12, relative: 0)
    #expect(closeness.firstDifference(try executable.read(sum), expected) == nil)
    #expect(closeness.firstDifference(try executable.read(flat), tanh.map { max($0, 0) }) == nil)
  }

  @Test func outputsOutliveTheRun() throws {
    var graph = Graph()
    let x = graph.add(.input(name: "x"), TensorType([4, 4]))
    var values = [x]
    for _ in 0..<4 { values += try graph.add(.activate(Activate(.tanh)), [values.last!]) }
    let kept = [values[1], values[4]]
    let plan = Plan("test", graph, outputs: kept, parameters: noParameters)
    #expect(Set(kept.map { plan.placements[$0] }).count == 2)
    #expect(plan.placements[values[2]] != plan.placements[values[1]])
    #expect(plan.placements[values[3]] != plan.placements[values[1]])
    #expect(plan.arenaCount == 4 * 32)
  }

  @Test func countsOperations() throws {
    let plan = try SmallModels.trainingPlan(SmallModels.dense, fused: true)
    var count = 0
    for step in plan.steps {
      if case .product = step.op { count += plan.floatingPointOperations(of: step) }
    }
    // Forward, dW and dX of 12·7 + 7·3 + 3·7 + 7·12 multiply-adds, without the first layer's dX.
    let multiplyAdds = 12 * 7 + 7 * 3 + 3 * 7 + 7 * 12
    #expect(count == 2 * 5 * (3 * multiplyAdds - 12 * 7))
  }
}
