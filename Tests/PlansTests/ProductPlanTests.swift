import Graphs
import Layers
import Plans
import ReferenceBackend
import TestSupport
import Testing

/// The products of a plan as their own plan.
@Suite struct ProductPlanTests {
  /// Ops that a library for matrices and convolutions has, by their words.
  private static let products: Set = [
    "product", "conv2D", "conv2DInputGradient", "conv2DWeightGradient",
  ]

  private func products(of plan: Plan) -> [Node] {
    plan.steps.filter { step in
      Self.products.contains(String(step.op.operation.name.prefix { $0 != "(" }))
    }
  }

  @Test(arguments: SmallModels.all)
  func hasTheProductsOfTheWhole(_ model: Model) throws {
    let whole = try SmallModels.trainingPlan(model, fused: true)
    let alone = whole.productsAlone
    let wanted = products(of: whole)
    #expect(!wanted.isEmpty)
    #expect(
      alone.floatingPointOperations
        == wanted.map { whole.floatingPointOperations(of: $0) }.reduce(0, +))
    #expect(alone.steps.map(\.outputs) == wanted.map(\.outputs))
    #expect(alone.steps.map(\.inputs) == wanted.map { Array($0.inputs.prefix(2)) })
    #expect(alone.steps.allSatisfy { $0.op.withEpilogue?.epilogue == Epilogue() })
    #expect(alone.placements == whole.placements && alone.arenaCount == whole.arenaCount)
  }

  /// A backend runs it as any other plan, in the store of the whole.
  @Test(arguments: SmallModels.all)
  func runs(_ model: Model) throws {
    let store = try SmallModels.store(model, on: ReferenceBackend())
    let alone = try SmallModels.trainingPlan(model, fused: true).productsAlone
    let executable = try store.prepare(alone)
    try executable.writeArena([Double](repeating: 0.5, count: alone.arenaCount))
    let before = try store.read(.gradients)
    try executable.run()
    #expect(try store.read(.gradients) != before)
    #expect(executable.launchCount == alone.steps.count)
  }
}
