import Graphs
import Testing

@Suite struct RampTests {
  @Test func itGoesInEqualStepsAndThenStays() {
    let ramp = Ramp(from: 1, to: 3, epochs: 2)
    let values = (1...12).map { ramp.value(step: $0, stepsPerEpoch: 5) }
    #expect(values[0] == 1)
    for (before, after) in zip(values.prefix(10), values.dropFirst()) {
      #expect(abs(after - before - 0.2) < 1e-12)
    }
    #expect(values[10] == 3 && values[11] == 3)
  }

  @Test(arguments: [Ramp(2), Ramp(from: 0, to: 2, epochs: 0), Ramp(from: 2, to: 2, epochs: 4)])
  func aConstantIsOneFromTheFirstStep(ramp: Ramp) {
    #expect(ramp.isConstant)
    #expect(ramp.value(step: 1, stepsPerEpoch: 10) == 2)
  }
}
