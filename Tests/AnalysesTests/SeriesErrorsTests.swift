import Analyses
import Datasets
import Testing

/// Scores of rows from the errors of the windows that cover them.
@Suite struct SeriesErrorsTests {
  /// Windows of 3 rows at rows 0, 1 and 4 of 8, two columns each; row 7 is in none.
  private let examples = Examples(
    count: 3, shape: [3, 2], elements: .floats([Float](repeating: 0, count: 16)),
    windows: SeriesWindows(length: 3, starts: [0, 1, 4]))

  @Test func aRowIsScoredByEveryWindowThatCoversIt() {
    var errors = SeriesErrors(examples, .absolute)
    let zeros = [Float](repeating: 0, count: 6)
    errors.add(zeros, [1, 0, 2, 0, 3, 1])
    errors.add(zeros + zeros, [4, -2, 5, 0, 0, 0] + zeros)
    #expect(errors.windowScores == [7.0 / 6, 11.0 / 6, 0])
    // Row 1: errors (2, 0) and (4, 2); row 2: (3, 1) and (5, 0).
    #expect(errors.rowScores == [0.5, 2, 2.25, 0, 0, 0, 0, nil])
    #expect(errors.worstColumns(ofRow: 1) == [0, 1])
    #expect(errors.worstColumns(ofRow: 1, count: 1) == [0])
    #expect(errors.worstColumns(ofRow: 4) == [])
  }

  @Test func squaresAndMissingValues() {
    var errors = SeriesErrors(examples, .squared)
    // All of row 0 is missing, and of row 1 the first column.
    errors.add([.nan, .nan, .nan, 0, 0, 0], [9, 9, 9, 2, 3, 1])
    errors.add([.nan, 0, 0, 0, 0, 0], [9, 4, 0, 0, 0, 0])
    #expect(errors.windowScores == [14.0 / 3, 16.0 / 5])
    #expect(errors.rowScores.prefix(3) == [nil, 10, 2.5])
    #expect(errors.worstColumns(ofRow: 1) == [1])
  }

  @Test func rangesAreRunsOfRows() {
    let one = [SeriesStretch(start: 0)]
    let ranges = AnomalousRange.all(
      in: [3, 1, 5, 7, 7, nil, 9, 2, 0, 2.5], above: 2, stretches: one)
    #expect(ranges.map(\.first) == [0, 2, 6, 9])
    #expect(ranges.map(\.last) == [0, 4, 6, 9])
    #expect(ranges.map(\.peak) == [0, 3, 6, 9])
    #expect(ranges.map(\.score) == [3, 7, 9, 2.5])
    #expect(AnomalousRange.all(in: [1, nil], above: 1, stretches: one).isEmpty)
  }

  @Test func rangesEndWithTheirSeries() {
    let stretches = [0, 3, 5].map { SeriesStretch(start: $0) }
    let ranges = AnomalousRange.all(
      in: [0, 5, 6, 7, 8, 1, 9], above: 2, stretches: stretches)
    #expect(ranges.map(\.first) == [1, 3, 6])
    #expect(ranges.map(\.last) == [2, 4, 6])
    #expect(ranges.map(\.peak) == [2, 4, 6])
  }
}
