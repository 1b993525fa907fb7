import CLoops
import Graphs

/// `y = f(x)`
struct ActivateInstruction: Instruction {
  let activation: loops_activation
  let x, y: UnsafeMutablePointer<Float>
  let count: Int
  let threads: Int32

  init(_ op: Activate, _ node: Node, _ operands: Operands) {
    activation = op.activation.loops
    x = operands.floats(node.inputs[0])
    y = operands.floats(node.outputs[0])
    count = operands.count(node.inputs[0])
    threads = operands.threads
  }

  func run() { loops_activate(activation, x, y, count, threads) }
}

/// `dx = dy · f′(x)`
struct ActivateGradientInstruction: Instruction {
  let activation: loops_activation
  let dy, y, dx: UnsafeMutablePointer<Float>
  let count: Int
  let threads: Int32

  init(_ op: ActivateGradient, _ node: Node, _ operands: Operands) {
    activation = op.activation.loops
    dy = operands.floats(node.inputs[0])
    y = operands.floats(node.inputs[1])
    dx = operands.floats(node.outputs[0])
    count = operands.count(node.inputs[0])
    threads = operands.threads
  }

  func run() { loops_activate_gradient(activation, dy, y, dx, count, threads) }
}

/// `y = a + b`
struct AddInstruction: Instruction {
  let a, b, y: UnsafeMutablePointer<Float>
  let count: Int
  let threads: Int32

  init(_ node: Node, _ operands: Operands) {
    a = operands.floats(node.inputs[0])
    b = operands.floats(node.inputs[1])
    y = operands.floats(node.outputs[0])
    count = operands.count(node.outputs[0])
    threads = operands.threads
  }

  func run() { loops_add(a, b, y, count, threads) }
}

/// `y = factor · s · x`
struct ScaleInstruction: Instruction {
  let factor: Float
  let x, s, y: UnsafeMutablePointer<Float>
  let count: Int
  let threads: Int32

  init(_ op: Scale, _ node: Node, _ operands: Operands) {
    factor = Float(op.factor)
    x = operands.floats(node.inputs[0])
    s = operands.floats(node.inputs[1])
    y = operands.floats(node.outputs[0])
    count = operands.count(node.outputs[0])
    threads = operands.threads
  }

  func run() { loops_scale(factor, x, s, y, count, threads) }
}
