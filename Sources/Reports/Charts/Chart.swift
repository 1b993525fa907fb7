/// A chart of a page: a value that draws itself as SVG, with a legend if it has several series.
package protocol Chart: Sendable {
  /// A description of the chart.
  var label: String { get }
  var html: HTML { get }
}
