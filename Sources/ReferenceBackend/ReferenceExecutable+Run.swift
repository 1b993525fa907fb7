import Graphs
import Plans
import Randoms

extension ReferenceExecutable {
  /// Runs one node.
  func run(_ node: Node) {
    switch node.op {
    case .gather(let op): set(node.outputs[0], gather(op, node))
    case .denormalize(let op): set(node.outputs[0], denormalize(op, node))
    case .product(let op): set(node.outputs[0], product(op, node))
    case .conv2D(let op): set(node.outputs[0], conv2D(op, node))
    case .conv2DInputGradient(let op): set(node.outputs[0], conv2DInputGradient(op, node))
    case .conv2DWeightGradient(let op): set(node.outputs[0], conv2DWeightGradient(op, node))
    case .addBias: addBias(node)
    case .columnSum: columnSum(node)
    case .activate(let op): map(node) { op.activation.value($0[0]) }
    case .activateGradient(let op): map(node) { $0[0] * op.activation.derivative($0[1]) }
    case .pool2D(let op): set(node.outputs[0], pool2D(op, node))
    case .pool2DGradient(let op): set(node.outputs[0], pool2DGradient(op, node))
    case .upsample2D(let op): set(node.outputs[0], upsample2D(op, node))
    case .upsample2DGradient(let op): set(node.outputs[0], upsample2DGradient(op, node))
    case .upsampleWindow(let op): set(node.outputs[0], upsampleWindow(op, node))
    case .unfold1D(let op): set(node.outputs[0], unfold1D(op, node))
    case .fold1D(let op): set(node.outputs[0], fold1D(op, node))
    case .lstm: lstm(node)
    case .lstmGradient: lstmGradient(node)
    case .gru: gru(node)
    case .gruGradient: gruGradient(node)
    case .reshape, .straightThrough: break
    case .batchNorm(let op): batchNorm(op, node)
    case .batchNormGradient(let op): batchNormGradient(op, node)
    case .batchNormInference(let op): batchNormInference(op, node)
    case .add: map(node) { $0[0] + $0[1] }
    case .scale(let op):
      let factor = op.factor * value(node.inputs[1])[0]
      set(node.outputs[0], value(node.inputs[0]).map { factor * $0 })
    case .reconstructionLoss(let op): set(node.outputs[0], [loss(op.error, op.scale, node)])
    case .reconstructionLossGradient(let op):
      set(node.outputs[0], lossGradient(op.error, op.scale, node))
    case .reconstructionLossWithGradient(let op):
      let gradient = lossGradient(op.error, op.scale, node)
      set(node.outputs[0], [loss(op.error, op.scale, node)])
      set(node.outputs[1], gradient)
    case .exampleLoss(let op): set(node.outputs[0], exampleLoss(op, node))
    case .exampleLossGradient(let op): set(node.outputs[0], exampleLossGradient(op, node))
    case .importanceSample(let op): importanceSample(op, node)
    case .importanceSampleGradient(let op): importanceSampleGradient(op, node)
    case .importanceBound(let op): set(node.outputs[0], [importanceBound(op, node)])
    case .importanceBoundGradient(let op): set(node.outputs[0], importanceBoundGradient(op, node))
    case .shapedPrior(let op): shapedPrior(op, node)
    case .scheduled(let op): set(node.outputs[0], [scheduled(op)])
    case .gatherLabels(let op): set(node.outputs[0], gatherLabels(op))
    case .concatenate: set(node.outputs[0], concatenate(node))
    case .columns(let op): set(node.outputs[0], columns(op, node))
    case .nearest: set(node.outputs[0], nearest(node))
    case .lookUp: set(node.outputs[0], lookUp(node))
    case .perplexity(let op): set(node.outputs[0], [perplexity(op, node)])
    case .sumOfSquares:
      set(node.outputs[0], [value(node.inputs[0]).reduce(0) { $0 + $1 * $1 }])
    case .sumOfAbsolutes: set(node.outputs[0], [value(node.inputs[0]).reduce(0) { $0 + abs($1) }])
    case .sumOfAbsolutesGradient:
      let ds = value(node.inputs[1])[0]
      set(node.outputs[0], value(node.inputs[0]).map { $0 == 0 ? 0 : $0 > 0 ? ds : -ds })
    case .sparsity(let op): sparsity(op, node)
    case .sparsityGradient(let op): set(node.outputs[0], sparsityGradient(op, node))
    case .freeBits(let op): freeBits(op, node)
    case .freeBitsGradient(let op): freeBitsGradient(op, node)
    case .discrepancy(let op): set(node.outputs[0], [discrepancy(op, node)])
    case .discrepancyGradient(let op): set(node.outputs[0], discrepancyGradient(op, node))
    case .normal(let op): set(node.outputs[0], normal(op))
    case .dropout(let op): set(node.outputs[0], dropout(op, node))
    case .noise(let op):
      map(node) { operands in
        let noisy = operands[0] + op.mean + op.deviation * operands[1]
        guard let range = op.range else { return noisy }
        return min(max(noisy, range.lowerBound), range.upperBound)
      }
    case .noiseGradient(let op):
      map(node) { op.range.lowerBound < $0[1] && $0[1] < op.range.upperBound ? $0[0] : 0 }
    case .reparameterize(let op): reparameterize(op, node)
    case .reparameterizeGradient(let op): reparameterizeGradient(op, node)
    case .allReduce(let op): allReduce(op, node)
    case .record(let op): record(op, node)
    case .updateStatistics(let op): updateStatistics(op, node)
    case .updateCodebook(let op): updateCodebook(op, node)
    case .update(let op): update(op, node)
    }
  }

  /// Applies `f` to the elements of all inputs at each index.
  private func map(_ node: Node, _ f: ([Double]) -> Double) {
    let inputs = node.inputs.map(value)
    set(node.outputs[0], inputs[0].indices.map { index in f(inputs.map { $0[index] }) })
  }

  private func addBias(_ node: Node) {
    let (x, bias) = (value(node.inputs[0]), value(node.inputs[1]))
    set(node.outputs[0], x.indices.map { x[$0] + bias[$0 % bias.count] })
  }

  private func columnSum(_ node: Node) {
    let x = value(node.inputs[0])
    var sums = [Double](repeating: 0, count: plan.graph.shape(node.outputs[0]).count)
    for index in x.indices { sums[index % sums.count] += x[index] }
    set(node.outputs[0], sums)
  }
}
