import CLoops
import Graphs

/// `s = Σ |x|`
struct SumOfAbsolutesInstruction: Instruction {
  let x, s: UnsafeMutablePointer<Float>
  let count: Int
  let threads: Int32

  init(_ node: Node, _ operands: Operands) {
    x = operands.floats(node.inputs[0])
    s = operands.floats(node.outputs[0])
    count = operands.count(node.inputs[0])
    threads = operands.threads
  }

  func run() { loops_sum_of_absolutes(x, s, count, threads) }
}

/// `dx = sign(x) · ds`
struct SumOfAbsolutesGradientInstruction: Instruction {
  let x, ds, dx: UnsafeMutablePointer<Float>
  let count: Int
  let threads: Int32

  init(_ node: Node, _ operands: Operands) {
    x = operands.floats(node.inputs[0])
    ds = operands.floats(node.inputs[1])
    dx = operands.floats(node.outputs[0])
    count = operands.count(node.inputs[0])
    threads = operands.threads
  }

  func run() { loops_sign(x, ds, dx, count, threads) }
}

/// The divergence of a code's mean activations from `target`, and these means.
struct SparsityInstruction: Instruction {
  let target: Double
  let code, s, means: UnsafeMutablePointer<Float>
  let rows, columns: Int
  let threads: Int32

  init(_ op: Sparsity, _ node: Node, _ operands: Operands) {
    target = op.target
    code = operands.floats(node.inputs[0])
    s = operands.floats(node.outputs[0])
    means = operands.floats(node.outputs[1])
    rows = operands.shape(node.inputs[0]).rows
    columns = operands.shape(node.inputs[0]).columns
    threads = operands.threads
  }

  func run() { loops_sparsity(target, Sparsity.margin, code, s, means, rows, columns, threads) }
}

/// Its gradient, from the means.
struct SparsityGradientInstruction: Instruction {
  let target: Double
  let means, ds, dCode: UnsafeMutablePointer<Float>
  let rows, columns: Int
  let threads: Int32

  init(_ op: SparsityGradient, _ node: Node, _ operands: Operands) {
    target = op.target
    means = operands.floats(node.inputs[0])
    ds = operands.floats(node.inputs[1])
    dCode = operands.floats(node.outputs[0])
    rows = op.shape.rows
    columns = op.shape.columns
    threads = operands.threads
  }

  func run() { loops_sparsity_gradient(target, means, ds, dCode, rows, columns, threads) }
}
