import Graphs

/// The connection of this rank to the others.
package protocol Exchange: AnyObject {
  /// Replaces values by their sums over all ranks, which have the same bits on all. Waits for the
  /// other ranks.
  func sum(_ values: UnsafeMutableBufferPointer<Float>)
}

/// How an `AllReduce` is done through memory of the host, the same on all ranks: operands one after
/// the other, then the range of the flat gradient buffer with the gradients that are summed in
/// place.
package struct ExchangeLayout: Hashable, Sendable {
  /// An operand, and the result that replaces it.
  package struct Operand: Hashable, Sendable {
    package let operand: TensorID
    package let result: TensorID
    /// This rank's elements in the host's memory, and all elements of the result.
    package let own: Range<Int>
    package let all: Range<Int>
    package let factor: Float
  }

  package let operands: [Operand]
  /// In elements of the gradient buffer; empty if no gradient is summed.
  package let gradients: Range<Int>
  /// The elements of the host's memory.
  package let count: Int

  /// The place of the gradients in the host's memory.
  package var gradientOffset: Int { count - gradients.count }

  package init(_ op: AllReduce, _ node: Node, _ plan: Plan) {
    var end = 0
    let copied = node.inputs.count - op.inPlaceCount
    operands = (0..<copied).map { index in
      let (operand, result) = (node.inputs[index], node.outputs[index])
      let (size, whole) = (plan.graph.shape(operand).count, plan.graph.shape(result).count)
      var (first, factor) = (end, 1.0)
      switch op.kind {
      case .sum(let factors): factor = factors[index]
      case .rows(let part, let examples): first += part.start * (size / examples)
      }
      defer { end += whole }
      return Operand(
        operand: operand, result: result, own: first..<first + size, all: end..<end + whole,
        factor: Float(factor))
    }
    let ends = node.inputs.dropFirst(copied).map { id -> Range<Int> in
      guard case .gradients(let offset) = plan.placements[id] else {
        preconditionFailure("only gradients are summed in place")
      }
      return offset..<offset + plan.graph.shape(id).count
    }
    gradients = (ends.map(\.lowerBound).min() ?? 0)..<(ends.map(\.upperBound).max() ?? 0)
    count = end + gradients.count
  }
}
