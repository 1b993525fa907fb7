import CLoops
import Graphs

/// `loss = factor · Σ error(x, t)`
struct LossInstruction: Instruction {
  let error: loops_error
  let factor: Double
  let x, t, loss: UnsafeMutablePointer<Float>
  let count: Int
  let threads: Int32

  init(_ op: ReconstructionLoss, _ node: Node, _ operands: Operands) {
    error = op.error.loops
    factor = op.reduction.factor(of: operands.shape(node.inputs[0]))
    x = operands.floats(node.inputs[0])
    t = operands.floats(node.inputs[1])
    loss = operands.floats(node.outputs[0])
    count = operands.count(node.inputs[0])
    threads = operands.threads
  }

  func run() { loops_loss(error, factor, x, t, loss, count, threads) }
}

/// `dx = factor · ∂error/∂x · dLoss`
struct LossGradientInstruction: Instruction {
  let error: loops_error
  let factor: Double
  let x, t, dLoss, dx: UnsafeMutablePointer<Float>
  let count: Int
  let threads: Int32

  init(_ op: ReconstructionLossGradient, _ node: Node, _ operands: Operands) {
    error = op.error.loops
    factor = op.reduction.factor(of: operands.shape(node.inputs[0]))
    x = operands.floats(node.inputs[0])
    t = operands.floats(node.inputs[1])
    dLoss = operands.floats(node.inputs[2])
    dx = operands.floats(node.outputs[0])
    count = operands.count(node.inputs[0])
    threads = operands.threads
  }

  func run() { loops_loss_gradient(error, factor, x, t, dLoss, dx, count, threads) }
}

/// Both in one pass.
struct LossWithGradientInstruction: Instruction {
  let error: loops_error
  let factor: Double
  let x, t, dLoss, loss, dx: UnsafeMutablePointer<Float>
  let count: Int
  let threads: Int32

  init(_ op: ReconstructionLossWithGradient, _ node: Node, _ operands: Operands) {
    error = op.error.loops
    factor = op.reduction.factor(of: operands.shape(node.inputs[0]))
    x = operands.floats(node.inputs[0])
    t = operands.floats(node.inputs[1])
    dLoss = operands.floats(node.inputs[2])
    loss = operands.floats(node.outputs[0])
    dx = operands.floats(node.outputs[1])
    count = operands.count(node.inputs[0])
    threads = operands.threads
  }

  func run() { loops_loss_with_gradient(error, factor, x, t, dLoss, loss, dx, count, threads) }
}

/// `s = Σ x²`
struct SumOfSquaresInstruction: Instruction {
  let x, s: UnsafeMutablePointer<Float>
  let count: Int
  let threads: Int32

  init(_ node: Node, _ operands: Operands) {
    x = operands.floats(node.inputs[0])
    s = operands.floats(node.outputs[0])
    count = operands.count(node.inputs[0])
    threads = operands.threads
  }

  func run() { loops_sum_of_squares(x, s, count, threads) }
}

extension ReconstructionError {
  var loops: loops_error {
    switch self {
    case .squaredError: LOOPS_SQUARED_ERROR
    case .binaryCrossEntropy: LOOPS_BINARY_CROSS_ENTROPY
    case .binaryCrossEntropyWithLogits: LOOPS_BINARY_CROSS_ENTROPY_WITH_LOGITS
    }
  }
}
