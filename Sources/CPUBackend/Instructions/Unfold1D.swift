import CLoops
import Graphs

/// The steps of each window as one row.
struct Unfold1DInstruction: Instruction {
  let windows: loops_step_windows
  let x, y: UnsafeMutablePointer<Float>
  let threads: Int32

  init(_ op: Unfold1D, _ node: Node, _ operands: Operands) {
    windows = loops_step_windows(op.windows, of: operands.shape(node.inputs[0]))
    x = operands.floats(node.inputs[0])
    y = operands.floats(node.outputs[0])
    threads = operands.threads
  }

  func run() { withUnsafePointer(to: windows) { loops_unfold($0, x, y, threads) } }
}

/// For each step, the sum of its values over the windows.
struct Fold1DInstruction: Instruction {
  let windows: loops_step_windows
  let y, x: UnsafeMutablePointer<Float>
  let threads: Int32

  init(_ op: Fold1D, _ node: Node, _ operands: Operands) {
    windows = loops_step_windows(op.windows, of: operands.shape(node.outputs[0]))
    y = operands.floats(node.inputs[0])
    x = operands.floats(node.outputs[0])
    threads = operands.threads
  }

  func run() { withUnsafePointer(to: windows) { loops_fold($0, y, x, threads) } }
}

extension loops_step_windows {
  /// Windows over sequences `[N, T, C]`.
  init(_ windows: StepWindows, of sequences: Shape) {
    self.init(
      sequences: sequences[0], length: sequences[1], channels: sequences[2], size: windows.size,
      stride: windows.stride, offset: windows.offset, count: windows.count)
  }
}
