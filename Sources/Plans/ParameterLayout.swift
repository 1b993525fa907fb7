import Graphs

/// The position of each parameter in the flat buffer; gradients and moments have the same layout.
package struct ParameterLayout: Hashable, Sendable {
  package struct Entry: Hashable, Sendable {
    package let name: String
    package let shape: Shape
    /// In elements from the start of the buffer.
    package let offset: Int

    /// Whether decoupled weight decay applies: to weights, but not to biases and other parameters.
    package var decays: Bool {
      [".weight", ".recurrentWeight"].contains { name.hasSuffix($0) }
    }
  }

  package let entries: [Entry]
  /// Elements of the whole buffer, with gaps; the gaps are zero.
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

  /// The entries in a range, with offsets from its start.
  package func part(_ range: Range<Int>) -> ParameterLayout {
    ParameterLayout(
      entries.filter { range.contains($0.offset) }.map { ($0.name, $0.shape) })
  }

  /// The number of parameters, without the gaps.
  package var parameterCount: Int { entries.map(\.shape.count).reduce(0, +) }
}

/// `count` rounded up to a whole number of 128-byte lines of float32.
func aligned(_ count: Int) -> Int {
  let unit = ParameterLayout.alignment
  return (count + unit - 1) / unit * unit
}
