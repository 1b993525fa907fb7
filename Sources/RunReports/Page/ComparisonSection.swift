import Analyses
import Reports

/// Several runs side by side.
struct ComparisonSection {
  private let runs: [RunReport]

  init(_ runs: [RunReport]) { self.runs = runs }

  var section: PageSection {
    let compared = ComparedRuns(runs.map(\.record))
    let table = HTML.table(
      compared.table,
      caption: "Losses of the epoch whose weights each run kept; seconds for all epochs")
    let charts = groups(compared).map(chart)
    return PageSection(
      id: "comparison", title: "Comparison",
      body: [table] + compared.notes.map { .paragraph(.text($0), style: "quiet") }
        + (charts.isEmpty ? [] : [.element("div", ["class": "figures"], charts)]))
  }

  /// Groups of at least two runs whose losses can be compared.
  private func groups(_ compared: ComparedRuns) -> [[RunReport]] {
    let keys = zip(compared.conventions, runs).map { [$0, $1.record.judgedBy] }
    let distinct = keys.indices.filter { keys.firstIndex(of: keys[$0]) == $0 }
    return distinct.map { first in keys.indices.filter { keys[$0] == keys[first] }.map { runs[$0] }
    }
    .filter { $0.count > 1 }
  }

  private func chart(_ runs: [RunReport]) -> HTML {
    let lines = runs.enumerated().compactMap { place, run -> LineChart.Line? in
      let line = EpochLines.lines(run.epochs) { $0.loss }.last
      return line.map {
        LineChart.Line(name: run.folder, points: $0.points, style: ChartStyle(place))
      }
    }
    let judge = runs[0].record.judgedOn
    var chart = LineChart(
      label: "loss of the runs by epoch",
      axes: ["epoch", "loss, \(LossUnit.text(runs[0].recipe.model))"], lines: lines)
    chart.countsWhole = true
    return .figure(
      [chart.html],
      caption: judge == "nothing"
        ? "The training loss of each run." : "The validation loss of each run: \(judge).")
  }
}
