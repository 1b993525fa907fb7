import CLoops
import Graphs

extension loops_judged {
  /// The first operands of a loss: reconstruction, target and, if there is one, mask.
  fileprivate init(
    _ error: ReconstructionError, factor: Double, isMasked: Bool, _ node: Node,
    _ operands: Operands
  ) {
    self.init(
      error: error.loops, factor: factor, x: UnsafePointer(operands.floats(node.inputs[0])),
      t: UnsafePointer(operands.floats(node.inputs[1])),
      mask: isMasked ? UnsafePointer(operands.floats(node.inputs[2])) : nil,
      count: operands.count(node.inputs[0]))
  }

  fileprivate init(
    _ error: ReconstructionError, _ scale: LossScale, _ node: Node, _ operands: Operands
  ) {
    let factor = scale.factor(of: operands.shape(node.inputs[0]))
    self.init(error, factor: factor, isMasked: scale.isMasked, node, operands)
  }
}

/// `loss = factor · Σ mask · error(x, t)`
struct LossInstruction: Instruction {
  let judged: loops_judged
  let loss: UnsafeMutablePointer<Float>
  let threads: Int32

  init(_ op: ReconstructionLoss, _ node: Node, _ operands: Operands) {
    judged = loops_judged(op.error, op.scale, node, operands)
    loss = operands.floats(node.outputs[0])
    threads = operands.threads
  }

  func run() { withUnsafePointer(to: judged) { loops_loss($0, loss, threads) } }
}

/// `dx = factor · mask · ∂error/∂x · dLoss`
struct LossGradientInstruction: Instruction {
  let judged: loops_judged
  let dLoss, dx: UnsafeMutablePointer<Float>
  let threads: Int32

  init(_ op: ReconstructionLossGradient, _ node: Node, _ operands: Operands) {
    judged = loops_judged(op.error, op.scale, node, operands)
    dLoss = operands.floats(node.inputs.last!)
    dx = operands.floats(node.outputs[0])
    threads = operands.threads
  }

  func run() { withUnsafePointer(to: judged) { loops_loss_gradient($0, dLoss, dx, threads) } }
}

/// Loss and gradient in one pass.
struct LossWithGradientInstruction: Instruction {
  let judged: loops_judged
  let dLoss, loss, dx: UnsafeMutablePointer<Float>
  let threads: Int32

  init(_ op: ReconstructionLossWithGradient, _ node: Node, _ operands: Operands) {
    judged = loops_judged(op.error, op.scale, node, operands)
    dLoss = operands.floats(node.inputs.last!)
    loss = operands.floats(node.outputs[0])
    dx = operands.floats(node.outputs[1])
    threads = operands.threads
  }

  func run() {
    withUnsafePointer(to: judged) { loops_loss_with_gradient($0, dLoss, loss, dx, threads) }
  }
}

/// The loss of each example.
struct ExampleLossInstruction: Instruction {
  let judged: loops_judged
  let loss: UnsafeMutablePointer<Float>
  let columns, draws: Int
  let threads: Int32

  init(_ op: ExampleLoss, _ node: Node, _ operands: Operands) {
    judged = loops_judged(op.error, factor: op.factor, isMasked: op.isMasked, node, operands)
    loss = operands.floats(node.outputs[0])
    let targets = operands.shape(node.inputs[1])
    columns = targets.count / max(targets[0], 1)
    draws = op.drawCount
    threads = operands.threads
  }

  func run() {
    withUnsafePointer(to: judged) { loops_example_loss($0, columns, draws, loss, threads) }
  }
}

/// `dx[r] = factor · mask · ∂error/∂x · dLoss[r]`
struct ExampleLossGradientInstruction: Instruction {
  let judged: loops_judged
  let dLoss, dx: UnsafeMutablePointer<Float>
  let columns, draws: Int
  let threads: Int32

  init(_ op: ExampleLossGradient, _ node: Node, _ operands: Operands) {
    judged = loops_judged(
      op.loss.error, factor: op.loss.factor, isMasked: op.loss.isMasked, node, operands)
    dLoss = operands.floats(node.inputs.last!)
    dx = operands.floats(node.outputs[0])
    let targets = operands.shape(node.inputs[1])
    columns = targets.count / max(targets[0], 1)
    draws = op.loss.drawCount
    threads = operands.threads
  }

  func run() {
    withUnsafePointer(to: judged) {
      loops_example_loss_gradient($0, columns, draws, dLoss, dx, threads)
    }
  }
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
  var loops: loops_error { loops_error(UInt32(number)) }
}
