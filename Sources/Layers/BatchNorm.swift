import Graphs

/// Batch normalization: with the batch's mean and variance in training, and with their running
/// averages in evaluation.
/// - `x`: `[N, …, C]`; `gamma`, `beta`: `[C]`, trained; `runningMean`, `runningVariance`: `[C]`,
///   layer state. Result: the shape of `x`.
package struct BatchNorm: LayerBuilder {
  static let name = "batchNorm"
  static let slidesOverImages = true

  /// The weight of the old running statistics in each step.
  package var momentum: Double
  package var epsilon: Double

  package init(momentum: Double = 0.99, epsilon: Double = 1e-3) {
    self.momentum = momentum
    self.epsilon = epsilon
  }

  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    let channels: Shape = [network.graph.shape(x).columns]
    let gamma = network.parameter("gamma", channels, .ones)
    let beta = network.parameter("beta", channels, .zeros)
    let statistics = [
      network.state("runningMean", channels, initialValue: 0),
      network.state("runningVariance", channels, initialValue: 1),
    ]
    switch network.layerMode {
    case .training:
      let op = Graphs.BatchNorm(epsilon: epsilon)
      let found = try network.graph.add(.batchNorm(op), [x, gamma, beta])
      let update = Op.updateStatistics(UpdateStatistics(momentum: momentum))
      guard let part = network.part else {
        network.updateState(update, found[1...2] + statistics)
        return found[0]
      }
      let whole = try network.wholeStatistics(mean: found[1], variance: found[2])
      network.updateState(update, [whole.mean, whole.variance] + statistics)
      let rows = network.graph.shape(x).rows / network.batchSize * part.wholeSize
      let normalization = BatchNormInference(epsilon: epsilon, wholeRows: rows)
      return try network.graph.add(
        .batchNormInference(normalization), [x, gamma, beta, whole.mean, whole.variance])[0]
    case .evaluation:
      let op = BatchNormInference(epsilon: epsilon)
      return try network.graph.add(.batchNormInference(op), [x, gamma, beta] + statistics)[0]
    }
  }
}
