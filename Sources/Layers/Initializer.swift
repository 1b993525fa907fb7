import Graphs
import Randoms

/// How a parameter's first values are drawn.
package enum Initializer: String, Hashable, Sendable, CaseIterable {
  /// `0`
  case zeros
  /// Uniform in `±√(6 / (fanIn + fanOut))` (Glorot and Bengio 2010, equation 16).
  case glorotUniform

  /// The first values of one tensor, in its canonical layout.
  /// - Parameter random: the tensor's own stream.
  func values(count: Int, fanIn: Int, fanOut: Int, random: Philox) -> [Float] {
    switch self {
    case .zeros:
      return [Float](repeating: 0, count: count)
    case .glorotUniform:
      let limit = (6 / Float(fanIn + fanOut)).squareRoot()
      return random.uniforms(count: count).map { (2 * $0 - 1) * limit }
    }
  }
}
