import CLoops
import Graphs

/// `y`, and the mean and variance of each channel.
struct BatchNormInstruction: Instruction {
  let epsilon: Double
  let x, gamma, beta, y, mean, variance: UnsafeMutablePointer<Float>
  let rows, columns: Int
  let threads: Int32

  init(_ op: BatchNorm, _ node: Node, _ operands: Operands) {
    epsilon = op.epsilon
    x = operands.floats(node.inputs[0])
    gamma = operands.floats(node.inputs[1])
    beta = operands.floats(node.inputs[2])
    y = operands.floats(node.outputs[0])
    mean = operands.floats(node.outputs[1])
    variance = operands.floats(node.outputs[2])
    rows = operands.shape(node.inputs[0]).rows
    columns = operands.shape(node.inputs[0]).columns
    threads = operands.threads
  }

  func run() {
    loops_batch_norm(epsilon, x, gamma, beta, y, mean, variance, rows, columns, threads)
  }
}

/// `dx`, `dγ` and `dβ`.
struct BatchNormGradientInstruction: Instruction {
  let epsilon: Double
  let dy, x, gamma, mean, variance: UnsafeMutablePointer<Float>
  let dx, dGamma, dBeta: UnsafeMutablePointer<Float>
  let rows, columns: Int
  let threads: Int32

  init(_ op: BatchNormGradient, _ node: Node, _ operands: Operands) {
    epsilon = op.epsilon
    dy = operands.floats(node.inputs[0])
    x = operands.floats(node.inputs[1])
    gamma = operands.floats(node.inputs[2])
    mean = operands.floats(node.inputs[3])
    variance = operands.floats(node.inputs[4])
    dx = operands.floats(node.outputs[0])
    dGamma = operands.floats(node.outputs[1])
    dBeta = operands.floats(node.outputs[2])
    rows = operands.shape(node.inputs[0]).rows
    columns = operands.shape(node.inputs[0]).columns
    threads = operands.threads
  }

  func run() {
    loops_batch_norm_gradient(
      epsilon, dy, x, gamma, mean, variance, dx, dGamma, dBeta, rows, columns, threads)
  }
}

/// `y` with a given mean and variance.
struct BatchNormInferenceInstruction: Instruction {
  let epsilon: Double
  let x, gamma, beta, mean, variance, y: UnsafeMutablePointer<Float>
  let rows, columns: Int
  let threads: Int32

  init(_ op: BatchNormInference, _ node: Node, _ operands: Operands) {
    epsilon = op.epsilon
    x = operands.floats(node.inputs[0])
    gamma = operands.floats(node.inputs[1])
    beta = operands.floats(node.inputs[2])
    mean = operands.floats(node.inputs[3])
    variance = operands.floats(node.inputs[4])
    y = operands.floats(node.outputs[0])
    rows = operands.shape(node.inputs[0]).rows
    columns = operands.shape(node.inputs[0]).columns
    threads = operands.threads
  }

  func run() {
    loops_normalize(epsilon, x, gamma, beta, mean, variance, y, rows, columns, threads)
  }
}

/// Updates the running mean and variance by those of a step, unless updates have ended.
struct UpdateStatisticsInstruction: Instruction {
  let momentum: Double
  let store: CPUStore
  let measured, states: [UnsafeMutablePointer<Float>]
  let count: Int

  init(_ op: UpdateStatistics, _ node: Node, _ operands: Operands) {
    momentum = op.momentum
    store = operands.store
    measured = node.inputs[0...1].map(operands.floats)
    states = node.inputs[2...3].map(operands.floats)
    count = operands.count(node.inputs[0])
  }

  func run() {
    guard store.nonFinite == nil else { return }
    for (one, state) in zip(measured, states) { loops_follow(momentum, one, state, count) }
  }
}
