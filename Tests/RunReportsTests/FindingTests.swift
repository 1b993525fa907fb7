import RunReports
import Testing

@Suite struct FindingTests {
  private struct Failure: Error, CustomStringConvertible {
    let description = "no room"
  }

  @Test func findingsAreOfThreeKinds() {
    #expect(Finding { 3 } == .found(3))
    #expect(Finding<Int> { nil } == .notApplicable)
    #expect(Finding<Int> { throw Failure() } == .missing("no room"))
    #expect(Finding { 3 }.value == 3 && Finding<Int>.missing("").value == nil)
  }
}
