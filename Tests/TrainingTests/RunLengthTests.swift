import Testing
import Training

/// The time that is left of a run.
@Suite struct RunLengthTests {
  /// Examples that are only evaluated take less work than those that are trained on.
  @Test func validationsCount() throws {
    let recipe = try smallRecipe(epochs: 3, batchSize: 5)
    func length(validation count: Int) throws -> RunLength {
      let data = try TrainingData(
        training: smallExamples(count: 20),
        validation: count == 0 ? nil : smallExamples(count: count))
      return RunLength(try RunPlans(recipe, data), epochs: recipe.epochs)
    }
    let (none, some, twice) = (
      try length(validation: 0), try length(validation: 20), try length(validation: 40)
    )
    #expect(none.stepsOfAValidation == 0)
    // The evaluation of 20 examples in one batch, of the work of 4 steps.
    #expect((1..<3).contains(some.stepsOfAValidation))
    #expect(abs(twice.stepsOfAValidation / some.stepsOfAValidation - 2) < 0.1)

    #expect(none.secondsLeft(after: 2, from: (0, 0), to: (4, 1)) == 4)
    #expect(none.secondsLeft(after: 1, from: (4, 1), to: (5, 1)) == 7)
    #expect(none.secondsLeft(after: 1, from: (0, 0), to: (12, 3)) == 0)
    let (share, steps) = (some.stepsOfAValidation, 12.0)
    #expect(some.secondsLeft(after: 1, from: (0, 0), to: (2, 0)) == (steps - 2 + 3 * share) / 2)
    let left = some.secondsLeft(after: 1, from: (2, 0), to: (4, 1))
    #expect(abs(left - (steps - 4 + 2 * share) / (2 + share)) < 1e-12)
  }
}
