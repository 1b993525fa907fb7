import CLoops
import Graphs

/// Several samples per example, and their importance.
struct ImportanceSampleInstruction: Instruction {
  let mean, logVariance, epsilon, z, ratio: UnsafeMutablePointer<Float>
  let rows, columns, draws: Int
  let threads: Int32

  init(_ op: ImportanceSample, _ node: Node, _ operands: Operands) {
    mean = operands.floats(node.inputs[0])
    logVariance = operands.floats(node.inputs[1])
    epsilon = operands.floats(node.inputs[2])
    z = operands.floats(node.outputs[0])
    ratio = operands.floats(node.outputs[1])
    let shape = operands.shape(node.outputs[0])
    (rows, columns) = (shape[0], shape[1])
    draws = op.drawCount
    threads = operands.threads
  }

  func run() {
    loops_importance_sample(
      mean, logVariance, epsilon, z, ratio, rows, columns, draws, threads)
  }
}

/// The gradient of the posterior through its samples.
struct ImportanceSampleGradientInstruction: Instruction {
  let dz, dRatio, logVariance, epsilon, z: UnsafeMutablePointer<Float>
  let dMean, dLogVariance: UnsafeMutablePointer<Float>
  let examples, columns, draws: Int
  let threads: Int32

  init(_ op: ImportanceSampleGradient, _ node: Node, _ operands: Operands) {
    dz = operands.floats(node.inputs[0])
    dRatio = operands.floats(node.inputs[1])
    logVariance = operands.floats(node.inputs[2])
    epsilon = operands.floats(node.inputs[3])
    z = operands.floats(node.inputs[4])
    dMean = operands.floats(node.outputs[0])
    dLogVariance = operands.floats(node.outputs[1])
    let shape = operands.shape(node.outputs[0])
    (examples, columns) = (shape[0], shape[1])
    draws = op.drawCount
    threads = operands.threads
  }

  func run() {
    loops_importance_sample_gradient(
      dz, dRatio, logVariance, epsilon, z, dMean, dLogVariance, examples, columns, draws, threads)
  }
}

/// The negative bound of a batch's log-weights.
struct ImportanceBoundInstruction: Instruction {
  let factor: Double
  let weights, s: UnsafeMutablePointer<Float>
  let examples, draws: Int

  init(_ op: ImportanceBound, _ node: Node, _ operands: Operands) {
    let shape = operands.shape(node.inputs[0])
    factor = op.factor(of: shape)
    weights = operands.floats(node.inputs[0])
    s = operands.floats(node.outputs[0])
    (examples, draws) = (shape[0] / op.drawCount, op.drawCount)
  }

  func run() { loops_importance_bound(factor, weights, s, examples, draws) }
}

/// Its gradient.
struct ImportanceBoundGradientInstruction: Instruction {
  let factor: Double
  let weights, ds, dWeights: UnsafeMutablePointer<Float>
  let examples, draws: Int

  init(_ op: ImportanceBoundGradient, _ node: Node, _ operands: Operands) {
    let shape = operands.shape(node.inputs[0])
    factor = op.bound.factor(of: shape)
    weights = operands.floats(node.inputs[0])
    ds = operands.floats(node.inputs[1])
    dWeights = operands.floats(node.outputs[0])
    (examples, draws) = (shape[0] / op.bound.drawCount, op.bound.drawCount)
  }

  func run() { loops_importance_bound_gradient(factor, weights, ds, dWeights, examples, draws) }
}
