import Graphs
import Plans
import TestSupport
import Testing

@Suite struct RowUseTests {
  private func names(_ plan: Plan, _ isWanted: (RowUse) -> Bool) -> [String] {
    plan.rowUses.filter { isWanted($0.value) }.keys.sorted().map {
      plan.steps[$0].op.operation.name
    }
  }

  /// Examples go through a network row by row, but for what normalises a batch; gradients of
  /// parameters, draws and the step's end are no rows of it.
  @Test func ofATable() throws {
    let plan = try SmallModels.trainingPlan(SmallModels.table, fused: true)
    #expect(
      names(plan) { $0 == .all } == [
        "batchNorm", "batchNorm", "batchNormGradient", "batchNormGradient",
      ])
    #expect(
      names(plan) { $0 != .all } == [
        "gather",
        "product(A, B) + bias, elu",
        "tanh",
        "dropout(0.2)",
        "product(A, B) + bias, relu",
        "noise(0.0, 0.1)",
        "product(A, B) + bias, elu",
        "dropout(0.3)",
        "product(A, B) + bias",
        "squaredErrorWithGradient(mean)",
        "product(A, Bᵀ)",
        "dropout(0.3)",
        "eluGradient",
        "product(A, Bᵀ) · relu′",
        "product(A, Bᵀ)",
        "dropout(0.2)",
        "tanhGradient",
        "eluGradient",
      ])
  }

  /// Evaluation normalises by what is known: all of it goes row by row, up to the loss.
  @Test func ofAnEvaluation() throws {
    let model = SmallModels.table
    let plan = try SmallModels.plan(
      "evaluation", model.evaluationStep(SmallModels.batch(5)), of: model)
    #expect(names(plan) { $0 == .all }.isEmpty)
    #expect(
      plan.rowUses.keys.sorted() == Array(0..<plan.steps.count - 2),
      "all but the loss and its record")
  }

  /// A plan that gathers nothing has no batch.
  @Test func ofNoBatch() throws {
    let model = SmallModels.table
    let step = try model.decodingStep(count: 5)
    #expect(try SmallModels.plan("decoding", step, of: model).rowUses.isEmpty)
  }
}
