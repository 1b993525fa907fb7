import Graphs

/// The position of each layer's state in a separate flat buffer, with the layout of parameters.
package struct StateLayout: Hashable, Sendable {
  package typealias Entry = ParameterLayout.Entry

  package let entries: [Entry]
  /// Elements of the whole buffer, with gaps; the gaps are zero.
  package let count: Int

  package static let empty = StateLayout([])

  package init(_ states: [(name: String, shape: Shape)]) {
    let layout = ParameterLayout(states)
    entries = layout.entries
    count = layout.count
  }

  package func entry(named name: String) -> Entry? { entries.first { $0.name == name } }
}
