import Graphs
import Randoms

/// In training, sets a random fraction of its input to 0 and scales the rest to keep the expected
/// sum; does nothing in evaluation.
package struct Dropout: LayerBuilder {
  static let name = "dropout"
  static let slidesOverImages = true

  package var rate: Double

  package init(rate: Double) { self.rate = rate }

  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    try network.leaveOut(x, rate: rate, scaled: true)
  }
}

/// In training, sets a random fraction of its input to 0 and does not change the rest; does nothing
/// in evaluation.
package struct MaskingNoise: LayerBuilder {
  static let name = "maskingNoise"
  static let slidesOverImages = true

  package var rate: Double

  package init(rate: Double) { self.rate = rate }

  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    try network.leaveOut(x, rate: rate, scaled: false)
  }
}

/// Adds `N(0, deviation²)` in training; does nothing in evaluation.
package struct GaussianNoise: LayerBuilder {
  static let name = "gaussianNoise"
  static let slidesOverImages = true

  package var deviation: Ramp

  package init(deviation: Ramp) { self.deviation = deviation }

  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    let stream = RandomStream.noise(layer: network.randomLayer())
    guard network.mode == .training else { return x }
    let shape = network.graph.shape(x)
    let normal = Normal(
      shape, stream: stream.rawValue, feed: network.feed, numbering: network.numbering(of: shape))
    return try network.addNoise(normal, mean: 0, deviation: deviation, range: nil, to: x)
  }
}

extension NetworkBuilder {
  /// `x + mean + deviation · ε`, clipped to `range`; if the deviation is a ramp, `ε` is scaled by
  /// it first.
  mutating func addNoise(
    _ normal: Normal, mean: Double, deviation: Ramp, range: ClosedRange<Double>?, to x: TensorID
  ) throws(GraphError) -> TensorID {
    var epsilon = try graph.add(.normal(normal), [])[0]
    var fixed = deviation.to
    if mode == .training, !deviation.isConstant {
      epsilon = try graph.add(.scale(Scale(1)), [epsilon, scheduled(deviation)])[0]
      fixed = 1
    }
    let noise = Noise(mean: mean, deviation: fixed, range: range)
    return try graph.add(.noise(noise), [x, epsilon])[0]
  }

  fileprivate mutating func leaveOut(
    _ x: TensorID, rate: Double, scaled: Bool
  ) throws(GraphError) -> TensorID {
    let stream = RandomStream.dropout(layer: randomLayer())
    guard mode == .training else { return x }
    let op = Graphs.Dropout(
      rate: rate, stream: stream.rawValue, feed: feed, scaled: scaled,
      numbering: numbering(of: graph.shape(x)))
    return try graph.add(.dropout(op), [x])[0]
  }
}
