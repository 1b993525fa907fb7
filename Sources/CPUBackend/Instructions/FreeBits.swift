import CLoops
import Graphs

/// A divergence with free bits, and the means of its units.
struct FreeBitsInstruction: Instruction {
  let floor, factor: Double
  let mean, logVariance, kl, means: UnsafeMutablePointer<Float>
  let rows, columns: Int
  let threads: Int32

  init(_ op: FreeBits, _ node: Node, _ operands: Operands) {
    let shape = operands.shape(node.inputs[0])
    floor = op.floor
    factor = op.reduction.factor(of: shape)
    mean = operands.floats(node.inputs[0])
    logVariance = operands.floats(node.inputs[1])
    kl = operands.floats(node.outputs[0])
    means = operands.floats(node.outputs[1])
    (rows, columns) = (shape[0], shape[1])
    threads = operands.threads
  }

  func run() {
    loops_free_bits(floor, factor, mean, logVariance, kl, means, rows, columns, threads)
  }
}

/// Its gradient, from the means.
struct FreeBitsGradientInstruction: Instruction {
  let floor, factor: Double
  let mean, logVariance, means, dKL, dMean, dLogVariance: UnsafeMutablePointer<Float>
  let rows, columns: Int
  let threads: Int32

  init(_ op: FreeBitsGradient, _ node: Node, _ operands: Operands) {
    let shape = operands.shape(node.inputs[0])
    floor = op.floor
    factor = op.reduction.factor(of: shape)
    mean = operands.floats(node.inputs[0])
    logVariance = operands.floats(node.inputs[1])
    means = operands.floats(node.inputs[2])
    dKL = operands.floats(node.inputs[3])
    dMean = operands.floats(node.outputs[0])
    dLogVariance = operands.floats(node.outputs[1])
    (rows, columns) = (shape[0], shape[1])
    threads = operands.threads
  }

  func run() {
    loops_free_bits_gradient(
      floor, factor, mean, logVariance, means, dKL, dMean, dLogVariance, rows, columns, threads)
  }
}
