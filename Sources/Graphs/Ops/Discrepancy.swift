import Foundation

/// The similarity of two points, as a function of their squared distance `d` in `L` dimensions.
package enum DiscrepancyKernel: String, Hashable, Sendable, CaseIterable {
  /// `k = e^(−d / 2L)` (Zhao et al. 2017). `2L` is the mean of `d` between two draws of `N(0, I)`;
  /// the paper gives no width.
  case gaussian
  /// `k = Σ c / (c + d)` over `c = 2L s` with the `scales` `s` (Tolstikhin et al. 2017, section 4,
  /// with `σ = 1`).
  case inverseMultiquadratic

  package static let scales = [0.1, 0.2, 0.5, 1, 2, 5, 10]

  /// `k` and its derivative by `d`.
  package func values(
    squaredDistance d: Double, dimensions: Int
  ) -> (k: Double, derivative: Double) {
    let width = 2 * Double(dimensions)
    switch self {
    case .gaussian:
      let k = exp(-d / width)
      return (k, -k / width)
    case .inverseMultiquadratic:
      return Self.scales.reduce((0, 0)) { sum, scale in
        let c = width * scale
        return (sum.0 + c / (c + d), sum.1 - c / ((c + d) * (c + d)))
      }
    }
  }
}

/// The unbiased estimate of the maximum mean discrepancy between two batches (Gretton et al. 2012,
/// equation 3). If both have the same distribution, it is 0 on average, and often negative.
///
/// `s = Σ_{i≠j} k(x[i], x[j]) / (N(N − 1)) + Σ_{i≠j} k(y[i], y[j]) / (N(N − 1))
/// With one row, the sums over `i ≠ j` are 0.
/// - `x`, `y`: `[N, L]`. Result: `s` `[]`.
/// - Gradient: by `DiscrepancyGradient`, for `x` and for `y`.
package struct Discrepancy: DifferentiableOperation {
  package let kernel: DiscrepancyKernel

  package init(_ kernel: DiscrepancyKernel) { self.kernel = kernel }
  package var name: String { "discrepancy(\(kernel.rawValue))" }

  /// The weight of the kernel of two rows of the same batch; each pair occurs twice.
  package static func weightWithin(rows: Int) -> Double {
    rows > 1 ? 1 / (Double(rows) * Double(rows - 1)) : 0
  }

  /// The weight of the kernel of a row of `x` and a row of `y`; each pair occurs twice.
  package static func weightBetween(rows: Int) -> Double {
    -1 / max(Double(rows) * Double(rows), 1)
  }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 2, inputs[0] == inputs[1], inputs[0].shape.rank == 2 else {
      throw mismatch("two batches of one shape [N, L]", inputs)
    }
    return [TensorType([])]
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    let ds = call.outputGradients[0]!
    let (x, y) = (call.inputs[0], call.inputs[1])
    let op = Op.discrepancyGradient(DiscrepancyGradient(kernel))
    return [
      call.wanted[0] ? try graph.add(op, [x, y, ds])[0] : nil,
      call.wanted[1] ? try graph.add(op, [y, x, ds])[0] : nil,
    ]
  }

  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    guard let shape = inputs.first else { return 0 }
    return 3 * shape[0] * shape[0] * (3 * shape[1] + 20)
  }
}

/// `dx[i] = 4 ds · (Σ_{j≠i} k′(x[i], x[j]) (x[i] − x[j]) / (N(N − 1))
/// − Σ_j k′(x[i], y[j]) (x[i] − y[j]) / N²)`, with `k′` the kernel's derivative by the squared
/// distance.
/// - `x`, `y`: `[N, L]`; `ds`: `[]`. Result: `[N, L]`.
package struct DiscrepancyGradient: Operation {
  package let kernel: DiscrepancyKernel

  package init(_ kernel: DiscrepancyKernel) { self.kernel = kernel }
  package var name: String { "discrepancyGradient(\(kernel.rawValue))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 3, inputs[0] == inputs[1], inputs[0].shape.rank == 2,
      inputs[2].shape == []
    else {
      throw mismatch("two batches of one shape [N, L], and a scalar", inputs)
    }
    return [inputs[0]]
  }

  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    guard let shape = inputs.first else { return 0 }
    return 2 * shape[0] * shape[0] * (6 * shape[1] + 20)
  }
}
