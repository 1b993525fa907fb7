/// Orthogonal matrices from normal numbers.
enum Orthogonal {
  /// The rows of a matrix, or its columns where they are fewer, each less its share along those
  /// before it, and of length 1 (Gram and Schmidt). Of independent normal numbers this makes every
  /// such matrix equally likely.
  /// - Parameter matrix: `[rows, columns]`
  static func values(_ matrix: [Float], columns: Int) -> [Float] {
    let rows = matrix.count / max(columns, 1)
    guard rows > columns else { return orthonormal(matrix, length: columns) }
    return transposed(orthonormal(transposed(matrix, columns), length: rows), rows)
  }

  /// Vectors of `length` numbers, one after the other, made orthonormal in double precision.
  private static func orthonormal(_ vectors: [Float], length: Int) -> [Float] {
    var x = vectors.map(Double.init)
    for start in stride(from: 0, to: x.count, by: length) {
      // What rounding leaves of the share, which counts where little else remains, goes the second
      // time.
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

  /// `[rows, columns]` of `[columns, rows]` elsewhere: element `[r, c]` at `[c, r]`.
  private static func transposed(_ matrix: [Float], _ columns: Int) -> [Float] {
    let rows = matrix.count / columns
    return (0..<columns).flatMap { c in (0..<rows).map { r in matrix[r * columns + c] } }
  }
}
