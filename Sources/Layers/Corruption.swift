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
    switch self {
    case .gaussian(let mean, let deviation, let clip):
      let normal = Normal(
        network.graph.shape(x), stream: stream, feed: network.feed, numbering: network.numbering)
      return try network.addNoise(
        normal, mean: mean, deviation: deviation, range: clip ? 0...1 : nil, to: x)
    case .masking(let rate):
      let op = Graphs.Dropout(
        rate: rate, stream: stream, feed: network.feed, scaled: false, numbering: network.numbering)
      return try network.graph.add(.dropout(op), [x])[0]
    }
  }
}
