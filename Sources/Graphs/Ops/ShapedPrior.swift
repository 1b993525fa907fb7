import Foundation

/// Priors of codes other than `N(0, 1)`: two-dimensional distributions with a recognisable shape
/// (Makhzani et al. 2015, sections 2.1 and 2.3).
package enum PriorShape: String, Hashable, Sendable, CaseIterable {
  /// Ten normal distributions on a circle with equal weights: standard deviation 0.5 in radial and
  /// 0.05 in tangential direction, 1.4 from the centre.
  case mixture
  /// Two turns of a spiral from the centre to radius 3, uniform in area; standard deviation 0.05.
  case swissRoll

  /// The number of components of the mixture.
  package static let componentCount = 10

  /// The point for four standard normal numbers, see `ShapedPrior`.
  package func point(
    _ a: Double, _ b: Double, _ c: Double, _ d: Double
  ) -> (x: Double, y: Double) {
    let u = exp(-(a * a + b * b) / 2)
    switch self {
    case .mixture:
      let count = Double(Self.componentCount)
      let angle = 2 * Double.pi * min((count * u).rounded(.down), count - 1) / count
      let (r, s) = (1.4 + 0.5 * c, 0.05 * d)
      return (r * cos(angle) - s * sin(angle), r * sin(angle) + s * cos(angle))
    case .swissRoll:
      let t = u.squareRoot()
      let angle = 4 * Double.pi * t
      return (3 * t * cos(angle) + 0.05 * c, 3 * t * sin(angle) + 0.05 * d)
    }
  }
}

/// Points of a shaped prior, computed from normal numbers.
///
/// `u = exp(−(a² + b²) / 2)` is uniform in (0, 1) where `a` and `b` are standard normal.
/// - mixture: with `φ = 2π ⌊10 u⌋ / 10`, `r = 1.4 + 0.5 c` and `s = 0.05 d` the point
///   `(r cos φ − s sin φ, r sin φ + s cos φ)`.
/// - swissRoll: with `t = √u` the point `(3t cos 4πt + 0.05 c, 3t sin 4πt + 0.05 d)`.
/// - Operand: `(a, b, c, d)`: `[N, 4]`. Result: `[N, 2]`. It has no gradient.
package struct ShapedPrior: Operation {
  package let shape: PriorShape

  package init(_ shape: PriorShape) { self.shape = shape }

  package var name: String { "prior(\(shape.rawValue))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 1, inputs[0].shape.rank == 2, inputs[0].shape[1] == 4 else {
      throw mismatch("normal numbers [N, 4]", inputs)
    }
    return [TensorType([inputs[0].shape[0], 2])]
  }

  /// About 20 per point.
  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    20 * (inputs.first?[0] ?? 0)
  }
}
