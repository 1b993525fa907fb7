import Graphs

/// Passes its input on, and adds a term to what training minimises: a penalty on the activations that
/// come by, a mean over the batch (or, where the loss is the batch's sum, a sum).
/// - `x`: `[N, …]`. Result: `x`.
package struct Penalty: PassingLayer {
  static let name = "penalty"

  package enum Kind: Hashable, Sendable, CustomStringConvertible {
    /// `Σ |x|` of an example.
    case l1
    /// `½ Σ x²` of an example.
    case l2
    /// How far the units, sigmoids, lie from being active in a share of the examples: `Sparsity`.
    case sparsity(target: Double)

    package var description: String {
      switch self {
      case .l1: "l1"
      case .l2: "l2"
      case .sparsity(let target): "sparsity to \(target)"
      }
    }
  }

  package var kind: Kind
  package var weight: Ramp
  /// Under which the term is reported; terms of one name are added.
  package var reportedName: String

  package init(_ kind: Kind, weight: Ramp, reportedName: String) {
    self.kind = kind
    self.weight = weight
    self.reportedName = reportedName
  }

  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    let value: TensorID
    switch kind {
    case .l1: value = try network.overBatch(.sumOfAbsolutes(SumOfAbsolutes()), of: x)
    case .l2: value = try network.overBatch(.sumOfSquares(SumOfSquares()), of: x, factor: 0.5)
    case .sparsity(let target):
      value = try network.graph.add(.sparsity(Sparsity(target: target)), [x])[0]
    }
    network.addTerm(value, "\(kind)", named: reportedName, weight: weight)
    return x
  }
}

extension NetworkBuilder {
  /// A sum over a batch of what an op adds up within an example: its mean, but where the loss is a sum.
  mutating func overBatch(
    _ op: Op, of x: TensorID, factor: Double = 1
  ) throws(GraphError) -> TensorID {
    let sum = try graph.add(op, [x])[0]
    // The mean is taken here and not by the term's weight, which is the same for batches of all
    // sizes.
    return try scaled(sum, by: sumsBatch ? factor : factor / Double(graph.shape(x)[0]))
  }
}

extension [Layer] {
  /// A penalty on how often units are active, which are no sigmoids.
  package var sparsePenaltyWithoutSigmoid: Int? {
    indices.first { index in
      guard case .penalty(let penalty) = self[index], case .sparsity = penalty.kind else {
        return false
      }
      return self[..<index].last { !$0.keepsElements }?.activation != .sigmoid
    }
  }
}
