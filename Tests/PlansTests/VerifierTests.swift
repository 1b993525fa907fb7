import Graphs
import Layers
import Plans
import TestSupport
import Testing

/// Faults of a wrong rewrite are found and named.
@Suite struct VerifierTests {
  private static func step() throws -> Graph {
    try SmallModels.vae.trainingStep(SmallModels.batch(5), optimizer: SmallModels.adam).graph
  }

  private func fault(
    keeping outputs: Set<TensorID> = [], _ rewrite: (inout [Node], inout Graph) -> Void
  ) throws -> GraphFault? {
    let original = try Self.step()
    var (graph, nodes) = (original, original.nodes)
    rewrite(&nodes, &graph)
    return graph.with(nodes: nodes).fault(after: original, keeping: outputs)
  }

  @Test(arguments: SmallModels.all)
  func whatPassesMakeIsSound(_ model: Model) throws {
    let step = try model.trainingStep(SmallModels.batch(5), optimizer: SmallModels.adam)
    let plan = try SmallModels.trainingPlan(model, fused: true)
    #expect(plan.graph.fault(after: step.graph, keeping: []) == nil)
    #expect(try fault { _, _ in } == nil)
  }

  @Test func aValueIsComputedBeforeItIsRead() throws {
    let first = try Self.step().nodes[1]
    #expect(
      try fault { nodes, _ in nodes.swapAt(0, 1) }
        == .notComputed(first.inputs[0], by: "product(A, B)"))
    let nowhere = TensorID(100_000)
    #expect(
      try fault { nodes, _ in
        nodes[1] = Node(op: nodes[1].op, inputs: [nowhere], outputs: nodes[1].outputs)
      } == .notComputed(nowhere, by: "product(A, B)"))
  }

  @Test func aValueIsComputedOnce() throws {
    let first = try Self.step().nodes[0]
    #expect(
      try fault { nodes, _ in nodes.insert(nodes[0], at: 1) }
        == .computedTwice(first.outputs[0], by: "gather"))
  }

  @Test func parametersAreNotWritten() throws {
    let graph = try Self.step()
    let weight = try #require(graph.parameters.first?.id)
    #expect(
      try fault { nodes, _ in
        nodes[0] = Node(op: nodes[0].op, inputs: nodes[0].inputs, outputs: [weight])
      } == .written(weight, role: .parameter(name: "encoder.0.weight"), by: "gather"))
  }

  @Test func operandsAndResultsAreTheOps() throws {
    let graph = try Self.step()
    let product = graph.nodes[1]
    let transposed = Op.product(Product(transposeA: true))
    let types = product.inputs.map { graph[$0].type }
    #expect(
      try fault { nodes, _ in
        nodes[1] = Node(op: transposed, inputs: product.inputs, outputs: product.outputs)
      }
        == .operands(
          .operands(
            op: "product(Aᵀ, B)", expected: "B [5, 8] for A [5, 12]", received: types)))
    #expect(
      try fault { nodes, graph in
        let other = graph.add(.value, TensorType([7]))
        nodes[1] = Node(op: product.op, inputs: product.inputs, outputs: [other])
      }
        == .results(
          op: "product(A, B)", expected: [TensorType([5, 8])], received: [TensorType([7])]))
  }

  @Test func outputsAreKept() throws {
    let graph = try Self.step()
    let last = try #require(graph.nodes.last { !$0.outputs.isEmpty })
    let kept = last.outputs[0]
    #expect(
      try fault(keeping: [kept]) { nodes, _ in
        nodes = Array(nodes.prefix { $0 != last })
      } == .lost(kept))
  }

  @Test func tensorsAndEffectsAreThoseOfBefore() throws {
    let original = try Self.step()
    let smaller = try SmallModels.dense.trainingStep(
      SmallModels.batch(5), optimizer: SmallModels.adam
    ).graph
    let changed = smaller.fault(after: original, keeping: [])
    guard case .changed = changed else {
      Issue.record("\(String(describing: changed))")
      return
    }
    let effects = ["record", "update(adam)"]
    #expect(
      try fault { nodes, _ in nodes.removeLast() }
        == .effects(expected: effects, received: ["record"]))
    #expect(
      try fault { nodes, _ in nodes.swapAt(nodes.count - 1, nodes.count - 2) }
        == .effects(expected: effects, received: effects.reversed()))
  }
}
