import Layers
import Testing

@Suite struct LearningRateScheduleTests {
  /// The factors of the first steps, with four steps to an epoch.
  private func factors(_ schedule: LearningRateSchedule, _ steps: [Int]) -> [Double] {
    steps.map { schedule.factor(step: $0, stepsPerEpoch: 4) }
  }

  private func expectClose(_ a: [Double], _ b: [Double]) {
    for (a, b) in zip(a, b) { #expect(abs(a - b) < 1e-12, "\(a) and \(b)") }
    #expect(a.count == b.count)
  }

  @Test func constant() { expectClose(factors(.constant, [1, 2, 1000]), [1, 1, 1]) }

  @Test func steps() {
    let schedule = LearningRateSchedule(.step(epochs: 2, factor: 0.5))
    expectClose(factors(schedule, [1, 8, 9, 16, 17]), [1, 1, 0.5, 0.5, 0.25])
  }

  @Test func exponential() {
    let schedule = LearningRateSchedule(.exponential(epochs: 1, factor: 0.25))
    expectClose(factors(schedule, [1, 3, 5, 9]), [1, 0.5, 0.25, 0.0625])
  }

  @Test func cosine() {
    let schedule = LearningRateSchedule(.cosine(epochs: 2, floor: 0.2))
    expectClose(factors(schedule, [1, 5, 9, 100]), [1, 0.6, 0.2, 0.2])
  }

  @Test func warmUp() {
    let schedule = LearningRateSchedule(.step(epochs: 1, factor: 0.5), warmUp: 1)
    expectClose(factors(schedule, [1, 2, 3, 4, 5, 8, 9]), [0.25, 0.5, 0.75, 1, 1, 1, 0.5])
  }
}
