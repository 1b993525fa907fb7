import Foundation
import Reports
import TestFolders
import Testing

@Suite struct SeriesPlotTests {
  private let plot = SeriesPlot(
    title: "flow", columns: ["a", "b, c"], values: [1, 2, .nan, 4, 5, 6], scores: [0.5, nil, 2],
    threshold: 1, ranges: [2...2])

  @Test func writesEveryRow() {
    #expect(
      plot.csv == """
        row,a,"b, c",score,anomalous
        0,1.0,2.0,0.5,0
        1,,4.0,,
        2,5.0,6.0,2.0,1

        """)
  }

  @Test func shadesWhatWasFound() throws {
    #expect(plot.commands.contains("from 1.5, graph 0 to 2.5, graph 1"))
    guard PlotTests.hasGnuplot else { return }
    let folder = try TemporaryFolder()
    let outcome = try plot.write(to: folder.path + "/flow")
    #expect(outcome.note == nil)
    #expect(try folder.contents() == ["flow.csv", "flow.png"])
  }

  /// The picture of a long series keeps its peaks.
  @Test func longSeriesAreThinned() {
    var values = [Double](repeating: 0, count: 100_000)
    values[77_777] = 3
    let long = SeriesPlot(
      title: "", columns: ["a"], values: values, scores: values, threshold: 1, ranges: [])
    #expect(long.commands.count < 300_000)
    #expect(long.commands.contains("\n77777 3.0\n"))
  }
}
