import Graphs
import Plans
import ReferenceBackend
import TestSupport
import Testing

/// The matrix products of a plan, and a product as a separate plan.
@Suite struct ProductShapeTests {
  @Test func shapesOfADenseTrainingStep() throws {
    let plan = try SmallModels.trainingPlan(SmallModels.dense, fused: true)
    #expect(
      plan.products.map(\.shape.description) == [
        "5 × 7 × 12, epilogue", "5 × 3 × 7, epilogue", "5 × 7 × 3, epilogue",
        "5 × 12 × 7, epilogue",
        "7 × 12 × 5, Aᵀ, column sums", "5 × 7 × 12, Bᵀ, epilogue", "3 × 7 × 5, Aᵀ, column sums",
        "5 × 3 × 7, Bᵀ", "7 × 3 × 5, Aᵀ, column sums", "5 × 7 × 3, Bᵀ, epilogue",
        "12 × 7 × 5, Aᵀ, column sums",
      ])
    for (step, _) in plan.products {
      guard case .product = plan.steps[step].op else {
        Issue.record("step \(step) is no product")
        continue
      }
    }
  }

  /// The product of the whole, over the same operands, gives what it gives there.
  @Test func aloneIsAsInTheWhole() throws {
    let whole = try SmallModels.trainingPlan(SmallModels.dense, fused: true)
    let store = try SmallModels.store(SmallModels.dense, on: ReferenceBackend())
    let last = try #require(whole.products.last)
    let alone = whole.product(at: last.step)
    #expect(alone.steps.map(\.op.operation.name) == ["product(Aᵀ, B)", "columnSum"])
    #expect(alone.outputs == alone.steps.flatMap(\.outputs))
    #expect(alone.products.map(\.shape) == [last.shape])
    let executable = try store.prepare(alone)
    try executable.writeArena([Double](repeating: 0.5, count: alone.arenaCount))
    try executable.run()
    // Five examples.
    #expect(try executable.read(alone.outputs[0]) == [Double](repeating: 1.25, count: 84))
    #expect(try executable.read(alone.outputs[1]) == [Double](repeating: 2.5, count: 7))
  }

  @Test func aloneWithoutSums() throws {
    let whole = try SmallModels.trainingPlan(SmallModels.dense, fused: true)
    let alone = whole.product(at: whole.products[0].step)
    #expect(alone.steps.map(\.op.operation.name) == ["product(A, B) + bias, relu"])
  }
}
