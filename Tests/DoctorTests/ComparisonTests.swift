import Doctor
import Plans
import Testing

/// What counts as wrong, and which element is named.
@Suite struct ComparisonTests {
  private static let close = Tolerance(absolute: 0.1, relative: 0.01)

  @Test func findsTheElementThatIsFurthestOff() {
    let comparison = Comparison([1, 2.2, 3, 9, 5], with: [1, 2, 3, 4, 5.14], Self.close)
    #expect(comparison.wrongCount == 2 && comparison.index == 3)
    #expect(Comparison([1, 2], with: [1.05, 2.1], Self.close).wrongCount == 0)
  }

  @Test func nothingIsCloseToNaN() {
    #expect(Comparison([.nan, 1], with: [0, 1], Self.close).wrongCount == 1)
    let second = Comparison([0.5, 7, 1], with: [0, .nan, 1], Self.close)
    #expect(second.wrongCount == 2 && second.index == 1)
    #expect(largest([1, .nan, -2]).isNaN)
    #expect(largest([1, -2]) == 2)
  }

  @Test func excusesWhatItIsTold() {
    let comparison = Comparison([1, 2], with: [5, 5], Self.close) { $0 == 0 }
    #expect(comparison.wrongCount == 1 && comparison.index == 1)
  }
}
