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
      network.updateState(
        .updateStatistics(UpdateStatistics(momentum: momentum)), found[1...2] + statistics)
      return found[0]
    case .evaluation:
      let op = BatchNormInference(epsilon: epsilon)
      return try network.graph.add(.batchNormInference(op), [x, gamma, beta] + statistics)[0]
    }
  }
}
