import Graphs
import Plans

extension ReferenceExecutable {
  func batchNorm(_ op: BatchNorm, _ node: Node) {
    let inputs = node.inputs.map(value)
    let (x, gamma, beta) = (inputs[0], inputs[1], inputs[2])
    let mean = channelMeans(gamma.count, x)
    let variance = channelMeans(
      gamma.count,
      x.indices.map { index in
        let difference = x[index] - mean[index % mean.count]
        return difference * difference
      })
    set(node.outputs[0], normalize(x, gamma, beta, mean, variance, op.epsilon))
    set(node.outputs[1], mean)
    set(node.outputs[2], variance)
  }

  func batchNormInference(_ op: BatchNormInference, _ node: Node) {
    let inputs = node.inputs.map(value)
    let y = normalize(inputs[0], inputs[1], inputs[2], inputs[3], inputs[4], op.epsilon)
    set(node.outputs[0], y)
  }

  func batchNormGradient(_ op: BatchNormGradient, _ node: Node) {
    let inputs = node.inputs.map(value)
    let (dy, x, gamma, mean, variance) = (inputs[0], inputs[1], inputs[2], inputs[3], inputs[4])
    let channels = gamma.count
    let unit = [Double](repeating: 1, count: channels)
    let zero = [Double](repeating: 0, count: channels)
    let standard = normalize(x, unit, zero, mean, variance, op.epsilon)
    let products = x.indices.map { dy[$0] * standard[$0] }
    let (meanDy, meanProduct) = (channelMeans(channels, dy), channelMeans(channels, products))
    let rows = Double(x.count / channels)
    let dx = x.indices.map { index in
      let c = index % channels
      return gamma[c] / (variance[c] + op.epsilon).squareRoot()
        * (dy[index] - meanDy[c] - standard[index] * meanProduct[c])
    }
    set(node.outputs[0], dx)
    set(node.outputs[1], meanProduct.map { $0 * rows })
    set(node.outputs[2], meanDy.map { $0 * rows })
  }

  func updateStatistics(_ op: UpdateStatistics, _ node: Node) {
    guard store.nonFinite == nil else { return }
    for (measured, state) in zip(node.inputs[0...1], node.inputs[2...3]) {
      let moved = zip(value(state), value(measured)).map {
        op.momentum * $0 + (1 - op.momentum) * $1
      }
      set(state, moved)
    }
  }

  private func channelMeans(_ channels: Int, _ x: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: channels)
    for index in x.indices { sums[index % channels] += x[index] }
    return sums.map { $0 / Double(x.count / channels) }
  }

  private func normalize(
    _ x: [Double], _ gamma: [Double], _ beta: [Double], _ mean: [Double], _ variance: [Double],
    _ epsilon: Double
  ) -> [Double] {
    x.indices.map { index in
      let c = index % gamma.count
      return gamma[c] * (x[index] - mean[c]) / (variance[c] + epsilon).squareRoot() + beta[c]
    }
  }
}
