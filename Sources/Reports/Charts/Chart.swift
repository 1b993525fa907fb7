/// A chart of a page: a value that draws itself as SVG, with a legend where it has several series.
package protocol Chart: Sendable {
  /// What it shows, in words.
  var label: String { get }
  var html: HTML { get }
}
