import Graphs

/// Where each parameter lies in the flat buffer; gradients and moments are laid out alike.
package struct ParameterLayout: Hashable, Sendable {
  package struct Entry: Hashable, Sendable {
    package let name: String
    package let shape: Shape
    /// In elements from the start of the buffer.
    package let offset: Int

    /// Whether a decoupled weight decay applies: to weights, not to biases or what else a layer
    /// trains.
    package var decays: Bool {
      [".weight", ".recurrentWeight"].contains { name.hasSuffix($0) }
    }
  }

  package let entries: [Entry]
  /// Elements of the whole buffer, gaps included; the gaps hold zeros.
  package let count: Int

  /// Every parameter starts on a multiple of 128 bytes.
  package static let alignment = 32

  package init(_ parameters: [(name: String, shape: Shape)]) {
    var entries: [Entry] = []
    var offset = 0
    for (name, shape) in parameters {
      entries.append(Entry(name: name, shape: shape, offset: offset))
      offset += aligned(shape.count)
    }
    self.entries = entries
    count = offset
  }

  package func entry(named name: String) -> Entry? { entries.first { $0.name == name } }

  /// The entries that lie in a range, laid out from its start.
  package func part(_ range: Range<Int>) -> ParameterLayout {
    ParameterLayout(
      entries.filter { range.contains($0.offset) }.map { ($0.name, $0.shape) })
  }

  /// The parameters' own elements, without the gaps.
  package var parameterCount: Int { entries.map(\.shape.count).reduce(0, +) }
}

/// `count` rounded up to a whole number of 128-byte lines of float32.
func aligned(_ count: Int) -> Int {
  let unit = ParameterLayout.alignment
  return (count + unit - 1) / unit * unit
}
