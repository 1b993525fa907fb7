import Benchmarks
import Plans
import Testing

@Suite struct StatisticsTests {
  @Test func median() {
    #expect([Double]().median == 0)
    #expect([3].median == 3)
    #expect([5, 1, 9].median == 5)
    #expect([9, 1, 3, 5].median == 4)
  }

  /// Of rates the largest is best, of times the smallest; a tenth is worse than `p10`.
  @Test func bestAndTenth() {
    let values = (1...21).map(Double.init).shuffled()
    let rates = Statistics(rates: values)
    #expect(rates.median == 11 && rates.best == 21 && rates.p10 == 3)
    let times = Statistics(seconds: values)
    #expect(times.median == 11 && times.best == 1 && times.p10 == 19)
  }
}
