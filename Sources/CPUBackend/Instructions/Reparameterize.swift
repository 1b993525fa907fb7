import CLoops
import Graphs

/// `z = μ + ε · e^(s/2)` and its divergence.
struct ReparameterizeInstruction: Instruction {
  let factor: Double
  let mean, logVariance, epsilon, z, kl: UnsafeMutablePointer<Float>
  let count: Int
  let threads: Int32

  init(_ op: Reparameterize, _ node: Node, _ operands: Operands) {
    factor = op.reduction.factor(of: operands.shape(node.inputs[0]))
    mean = operands.floats(node.inputs[0])
    logVariance = operands.floats(node.inputs[1])
    epsilon = operands.floats(node.inputs[2])
    z = operands.floats(node.outputs[0])
    kl = operands.floats(node.outputs[1])
    count = operands.count(node.inputs[0])
    threads = operands.threads
  }

  func run() { loops_reparameterize(factor, mean, logVariance, epsilon, z, kl, count, threads) }
}

/// Points of a shaped prior from normal numbers.
struct ShapedPriorInstruction: Instruction {
  let z, points: UnsafeMutablePointer<Float>
  let rows: Int
  let isRoll: Bool

  init(_ op: ShapedPrior, _ node: Node, _ operands: Operands) {
    z = operands.floats(node.inputs[0])
    points = operands.floats(node.outputs[0])
    rows = operands.shape(node.outputs[0])[0]
    isRoll = op.shape == .swissRoll
  }

  func run() { loops_shaped_prior(z, points, rows, isRoll ? 1 : 0) }
}

/// `dμ` and `ds` from `dz` and `dKL`.
struct ReparameterizeGradientInstruction: Instruction {
  let factor: Double
  let dz, mean, logVariance, epsilon, dKL: UnsafeMutablePointer<Float>
  let dMean, dLogVariance: UnsafeMutablePointer<Float>
  let count: Int
  let threads: Int32

  init(_ op: ReparameterizeGradient, _ node: Node, _ operands: Operands) {
    factor = op.reduction.factor(of: operands.shape(node.inputs[0]))
    dz = operands.floats(node.inputs[0])
    mean = operands.floats(node.inputs[1])
    logVariance = operands.floats(node.inputs[2])
    epsilon = operands.floats(node.inputs[3])
    dKL = operands.floats(node.inputs[4])
    dMean = operands.floats(node.outputs[0])
    dLogVariance = operands.floats(node.outputs[1])
    count = operands.count(node.inputs[0])
    threads = operands.threads
  }

  func run() {
    loops_reparameterize_gradient(
      factor, dz, mean, logVariance, epsilon, dKL, dMean, dLogVariance, count, threads)
  }
}
