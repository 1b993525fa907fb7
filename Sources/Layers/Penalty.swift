import Graphs

/// Passes its input on, and adds a penalty on these activations to the objective: the mean over the
/// batch, or the sum if the loss is a sum over the batch.
/// - `x`: `[N, …]`. Result: `x`.
package struct Penalty: PassingLayer {
  static let name = "penalty"

  package enum Kind: Hashable, Sendable, CustomStringConvertible {
    /// `Σ |x|` over an example.
    case l1
    /// `½ Σ x²` over an example.
    case l2
    /// The KL divergence of the mean activations of sigmoid units from a target: `Sparsity`.
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
  /// The name of the term in reports; terms with the same name are added.
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
      value = try network.sparsity(target: target, of: x)
    }
    network.addTerm(value, "\(kind)", named: reportedName, weight: weight)
    return x
  }
}

extension NetworkBuilder {
  /// The divergence of the mean activations from a target.
  mutating func sparsity(target: Double, of x: TensorID) throws(GraphError) -> TensorID {
    let value = try graph.add(.sparsity(Sparsity(target: target)), wholeBatch([x]))[0]
    noteWhole(value)
    return value
  }

  /// A value summed within each example, as the mean over the batch, or the sum if the loss is a
  /// sum.
  mutating func overBatch(
    _ op: Op, of x: TensorID, factor: Double = 1
  ) throws(GraphError) -> TensorID {
    let sum = try graph.add(op, [x])[0]
    // The mean is computed here and not by the term's weight, which must be the same for all batch
    // sizes.
    return try scaled(sum, by: sumsBatch ? factor : factor / Double(graph.shape(x)[0]))
  }
}

extension [Layer] {
  /// The index of a sparsity penalty on units without sigmoid.
  package var sparsePenaltyWithoutSigmoid: Int? {
    indices.first { index in
      guard case .penalty(let penalty) = self[index], case .sparsity = penalty.kind else {
        return false
      }
      return self[..<index].last { !$0.keepsElements }?.activation != .sigmoid
    }
  }
}
