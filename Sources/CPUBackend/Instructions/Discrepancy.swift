import CLoops
import Graphs

/// The maximum mean discrepancy of two batches.
struct DiscrepancyInstruction: Instruction {
  let comparison: loops_discrepancy
  let x, y, s: UnsafeMutablePointer<Float>
  /// All points, transposed, and the contribution of each.
  let scratch: CPUMemory
  let threads: Int32

  init(_ op: Discrepancy, _ node: Node, _ operands: Operands) throws(CPUError) {
    let shape = operands.shape(node.inputs[0])
    comparison = loops_discrepancy(op.kernel, shape)
    x = operands.floats(node.inputs[0])
    y = operands.floats(node.inputs[1])
    s = operands.floats(node.outputs[0])
    scratch = try CPUMemory(
      byteCount: 4 * 2 * shape[0] * (shape[1] + 1), filler: 0, operands.store.memory)
    threads = operands.threads
  }

  func run() {
    withUnsafePointer(to: comparison) {
      loops_discrepancy_of($0, x, y, scratch.floats, s, threads)
    }
  }
}

/// Its gradient with respect to the first batch.
struct DiscrepancyGradientInstruction: Instruction {
  let comparison: loops_discrepancy
  let x, y, ds, dx: UnsafeMutablePointer<Float>
  /// All points, transposed.
  let scratch: CPUMemory
  let threads: Int32

  init(_ op: DiscrepancyGradient, _ node: Node, _ operands: Operands) throws(CPUError) {
    let shape = operands.shape(node.inputs[0])
    comparison = loops_discrepancy(op.kernel, shape)
    x = operands.floats(node.inputs[0])
    y = operands.floats(node.inputs[1])
    ds = operands.floats(node.inputs[2])
    dx = operands.floats(node.outputs[0])
    scratch = try CPUMemory(
      byteCount: 4 * 2 * shape[0] * (shape[1] + 1), filler: 0, operands.store.memory)
    threads = operands.threads
  }

  func run() {
    withUnsafePointer(to: comparison) {
      loops_discrepancy_gradient($0, x, y, ds, scratch.floats, dx, threads)
    }
  }
}

extension loops_discrepancy {
  /// For two batches `[N, L]`.
  fileprivate init(_ kernel: DiscrepancyKernel, _ shape: Shape) {
    self.init(
      kernel: kernel == .gaussian ? LOOPS_GAUSSIAN : LOOPS_INVERSE_MULTIQUADRATIC, rows: shape[0],
      columns: shape[1], within: Discrepancy.weightWithin(rows: shape[0]),
      between: Discrepancy.weightBetween(rows: shape[0]))
  }
}
