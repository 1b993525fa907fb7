import Graphs
import Randoms

/// How a parameter's first values are drawn.
package enum Initializer: Hashable, Sendable {
  /// `0`
  case zeros
  /// `1`
  case ones
  /// Variance `2 / (fanIn + fanOut)` (Glorot and Bengio 2010, equation 12).
  case glorot(Distribution)
  /// Variance `2 / fanIn` (He et al. 2015, equation 10).
  case he(Distribution)
  /// Uniform in `±1 / √fanIn`.
  case fanInUniform
  case normal(mean: Double, deviation: Double)
  /// Of a matrix `[rows, columns]`, rows or columns that are orthogonal and of length 1, whichever
  /// are fewer, in any direction alike (Saxe et al. 2013). A tensor is a matrix of its last axis by
  /// the others.
  case orthogonal
  /// Another's values, and `amount` more in this range of elements.
  indirect case raised(Initializer, by: Double, in: Range<Int>)

  package enum Distribution: Hashable, Sendable, CaseIterable {
    case uniform
    case normal
    /// Normal without what lies beyond two standard deviations, and wider by as much as that takes
    /// away, so that the variance is what it should be.
    case truncatedNormal
  }

  package static let glorotUniform = Initializer.glorot(.uniform)

  /// Those that a name alone tells, by it.
  package static let named: [(name: String, initializer: Initializer)] = [
    ("zeros", .zeros), ("ones", .ones), ("glorotUniform", .glorot(.uniform)),
    ("glorotNormal", .glorot(.normal)), ("glorotTruncatedNormal", .glorot(.truncatedNormal)),
    ("heUniform", .he(.uniform)), ("heNormal", .he(.normal)),
    ("heTruncatedNormal", .he(.truncatedNormal)), ("fanInUniform", .fanInUniform),
    ("orthogonal", .orthogonal),
  ]

  /// The first values of one tensor, in its canonical layout.
  /// - Parameter random: the tensor's own stream, at step 0.
  func values(_ shape: Shape, fanIn: Int, fanOut: Int, random: Philox) -> [Float] {
    let count = shape.count
    switch self {
    case .zeros: return [Float](repeating: 0, count: count)
    case .ones: return [Float](repeating: 1, count: count)
    case .glorot(let distribution): return distribution.values(count, fanIn + fanOut, random)
    case .he(let distribution): return distribution.values(count, fanIn, random)
    case .fanInUniform:
      let limit = 1 / Float(fanIn).squareRoot()
      return random.uniforms(count: count).map { (2 * $0 - 1) * limit }
    case .normal(let mean, let deviation):
      return random.normals(count: count).map { Float(mean) + Float(deviation) * $0 }
    case .orthogonal:
      return Orthogonal.values(random.normals(count: count), columns: shape.columns)
    case .raised(let other, let amount, let range):
      var values = other.values(shape, fanIn: fanIn, fanOut: fanOut, random: random)
      for element in range { values[element] += Float(amount) }
      return values
    }
  }
}

extension Initializer.Distribution {
  /// The standard deviation of a standard normal number that is known to lie within ±2.
  private static let truncatedDeviation: Float = 0.87962566103423978

  /// `count` numbers of variance `2 / fans`.
  fileprivate func values(_ count: Int, _ fans: Int, _ random: Philox) -> [Float] {
    let deviation = (2 / Float(fans)).squareRoot()
    switch self {
    case .uniform:
      let limit = (6 / Float(fans)).squareRoot()
      return random.uniforms(count: count).map { (2 * $0 - 1) * limit }
    case .normal: return random.normals(count: count).map { deviation * $0 }
    case .truncatedNormal:
      return random.truncatedNormals(count: count).map { deviation / Self.truncatedDeviation * $0 }
    }
  }
}

extension Philox {
  /// Standard normal numbers within ±2: for each element the first such of steps 0, 1, 2, …
  fileprivate func truncatedNormals(count: Int) -> [Float] {
    var values = normals(count: count)
    for element in values.indices {
      var attempt = step
      while abs(values[element]) > 2 {
        attempt += 1
        let next = Philox(seed: seed, stream: stream, step: attempt)
        values[element] = Float(next.normal(element))
      }
    }
    return values
  }
}
