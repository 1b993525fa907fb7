import Graphs

/// Where each layer's state lies in its own flat buffer, laid out as parameters are.
package struct StateLayout: Hashable, Sendable {
  package typealias Entry = ParameterLayout.Entry

  package let entries: [Entry]
  /// Elements of the whole buffer, gaps included; the gaps hold zeros.
  package let count: Int

  package static let empty = StateLayout([])

  package init(_ states: [(name: String, shape: Shape)]) {
    let layout = ParameterLayout(states)
    entries = layout.entries
    count = layout.count
  }

  package func entry(named name: String) -> Entry? { entries.first { $0.name == name } }
}
