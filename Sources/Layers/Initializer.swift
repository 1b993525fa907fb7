import Graphs
import Randoms

/// The distribution of a parameter's initial values.
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
  /// For a matrix `[rows, columns]`: rows or columns, whichever are fewer, that are orthogonal and
  /// of length 1, uniformly distributed (Saxe et al. 2013). A tensor is a matrix of its last axis
  /// by the others.
  case orthogonal
  /// Another initializer, plus `amount` in this range of elements.
  indirect case raised(Initializer, by: Double, in: Range<Int>)

  package enum Distribution: Hashable, Sendable, CaseIterable {
    case uniform
    case normal
    /// A normal distribution truncated at two standard deviations, scaled so that the variance is
    /// correct.
    case truncatedNormal
  }

  package static let glorotUniform = Initializer.glorot(.uniform)

  /// The initializers that have only a name.
  package static let named: [(name: String, initializer: Initializer)] = [
    ("zeros", .zeros), ("ones", .ones), ("glorotUniform", .glorot(.uniform)),
    ("glorotNormal", .glorot(.normal)), ("glorotTruncatedNormal", .glorot(.truncatedNormal)),
    ("heUniform", .he(.uniform)), ("heNormal", .he(.normal)),
    ("heTruncatedNormal", .he(.truncatedNormal)), ("fanInUniform", .fanInUniform),
    ("orthogonal", .orthogonal),
  ]

  /// The initial values of one tensor, in its canonical layout.
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
  /// The standard deviation of a standard normal number truncated to ±2.
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
  /// Standard normal numbers within ±2: for each element the first such number of steps 0, 1, 2, …
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
