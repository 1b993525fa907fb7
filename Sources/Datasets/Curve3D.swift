import Glibc
import Randoms

extension DatasetSource {
  /// A noisy 3-D curve near a plane. It shows that a linear autoencoder finds the same plane as PCA
  /// (Géron, *Hands-On Machine Learning*, chapter 17).
  static let curve3D = DatasetSource(
    name: "curve3d", summary: "a noisy 3-D curve near a plane, 100 + 100 points, generated"
  ) { _ in
    let points = standardised(curve(), by: 100)
    func examples(_ rows: Range<Int>) -> Examples {
      Examples(
        count: rows.count, shape: [3],
        elements: .floats(points[rows].flatMap { $0.map(Float.init) }))
    }
    return Dataset(name: "curve3d", training: examples(0..<100), test: examples(100..<200))
  }

  /// `[200][3]`: with U uniform and ε normal, the angle `a = 3π/2 · U − 0.5` and
  /// `x = cos a + sin a / 2 + 0.05 ε`, `y = 0.7 sin a + 0.05 ε`, `z = 0.1 x + 0.3 y + 0.1 ε`.
  private static func curve() -> [[Double]] {
    let uniforms = Philox(seed: 4, stream: .sampling, step: 0)
    let normals = Philox(seed: 4, stream: .sampling, step: 1)
    return (0..<200).map { point in
      let angle = 1.5 * Double.pi * Double(uniforms.uniform(point)) - 0.5
      let x = cos(angle) + sin(angle) / 2 + 0.05 * normals.normal(3 * point)
      let y = 0.7 * sin(angle) + 0.05 * normals.normal(3 * point + 1)
      return [x, y, 0.1 * x + 0.3 * y + 0.1 * normals.normal(3 * point + 2)]
    }
  }

  /// Each column minus its mean, divided by its standard deviation, both of the first `count` rows.
  private static func standardised(_ rows: [[Double]], by count: Int) -> [[Double]] {
    let first = rows[..<count]
    let moments = rows[0].indices.map { column in
      let mean = first.reduce(0) { $0 + $1[column] } / Double(count)
      let variance =
        first.reduce(0) { $0 + ($1[column] - mean) * ($1[column] - mean) } / Double(count)
      return (mean: mean, deviation: variance.squareRoot())
    }
    return rows.map { row in
      zip(row, moments).map { ($0 - $1.mean) / $1.deviation }
    }
  }
}
