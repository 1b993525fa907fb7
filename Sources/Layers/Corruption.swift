import Graphs
import Randoms

/// How a denoising model corrupts its input; the target stays clean (Vincent et al. 2008).
package enum Corruption: Hashable, Sendable {
  /// `x + N(mean, deviation²)`, clipped to [0, 1] if `clip`.
  case gaussian(mean: Double, deviation: Ramp, clip: Bool)
  /// Sets a fraction of the values to 0.
  case masking(rate: Double)

  /// The stream of its random numbers: training and evaluation have different streams.
  private func stream(_ mode: Mode) -> RandomStream {
    switch mode {
    case .training: .inputNoise
    case .evaluation: .evaluationNoise
    }
  }

  /// Adds the corrupted `x`; new noise is drawn in each training step, and for each example in
  /// evaluation.
  func corrupt(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    let stream = stream(network.mode).rawValue
    let shape = network.graph.shape(x)
    let numbering = network.numbering(of: shape)
    switch self {
    case .gaussian(let mean, let deviation, let clip):
      let normal = Normal(shape, stream: stream, feed: network.feed, numbering: numbering)
      return try network.addNoise(
        normal, mean: mean, deviation: deviation, range: clip ? 0...1 : nil, to: x)
    case .masking(let rate):
      let op = Graphs.Dropout(
        rate: rate, stream: stream, feed: network.feed, scaled: false, numbering: numbering)
      return try network.graph.add(.dropout(op), [x])[0]
    }
  }
}
