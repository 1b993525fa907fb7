/// Orthogonal matrices from normal numbers.
enum Orthogonal {
  /// Gram-Schmidt orthonormalization of the rows of a matrix, or of its columns if they are fewer.
  /// For independent normal numbers, the result is uniformly distributed over all such matrices.
  /// - Parameter matrix: `[rows, columns]`
  static func values(_ matrix: [Float], columns: Int) -> [Float] {
    let rows = matrix.count / max(columns, 1)
    guard rows > columns else { return orthonormal(matrix, length: columns) }
    return transposed(orthonormal(transposed(matrix, columns), length: rows), rows)
  }

  /// Orthonormalizes vectors of `length` numbers in double precision.
  private static func orthonormal(_ vectors: [Float], length: Int) -> [Float] {
    var x = vectors.map(Double.init)
    for start in stride(from: 0, to: x.count, by: length) {
      // The second pass removes rounding errors of the first, which matter if little is left of a
      // vector.
      for _ in 0..<2 {
        for other in stride(from: 0, to: start, by: length) {
          var share = 0.0
          for j in 0..<length { share += x[start + j] * x[other + j] }
          for j in 0..<length { x[start + j] -= share * x[other + j] }
        }
      }
      let norm = x[start..<start + length].reduce(0) { $0 + $1 * $1 }.squareRoot()
      for j in start..<start + length { x[j] /= norm }
    }
    return x.map { Float($0) }
  }

  /// The transpose: element `[r, c]` becomes `[c, r]`.
  private static func transposed(_ matrix: [Float], _ columns: Int) -> [Float] {
    let rows = matrix.count / columns
    return (0..<columns).flatMap { c in (0..<rows).map { r in matrix[r * columns + c] } }
  }
}
