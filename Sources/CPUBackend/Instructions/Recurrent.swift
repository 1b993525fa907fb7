import CLoops
import Graphs
import Plans

/// All steps of a recurrent layer.
struct RecurrenceInstruction: Instruction {
  enum Cell { case lstm, gru }

  let cell: Cell
  let sizes: loops_recurrence
  let inputs, outputs: [UnsafeMutablePointer<Float>]
  let threads: Int32

  init(_ cell: Cell, _ node: Node, _ operands: Operands) {
    self.cell = cell
    sizes = loops_recurrence(operands.shape(node.outputs[0]))
    inputs = node.inputs.map(operands.floats)
    outputs = node.outputs.map(operands.floats)
    threads = operands.threads
  }

  func run() {
    withUnsafePointer(to: sizes) {
      switch cell {
      case .lstm:
        loops_lstm($0, inputs[0], inputs[1], outputs[0], outputs[1], outputs[2], threads)
      case .gru:
        loops_gru(
          $0, inputs[0], inputs[1], inputs[2], outputs[0], outputs[1], outputs[2], threads)
      }
    }
  }
}

/// Its gradient, from the last step back.
struct RecurrenceGradientInstruction: Instruction {
  let cell: RecurrenceInstruction.Cell
  let sizes: loops_recurrence
  let inputs, outputs: [UnsafeMutablePointer<Float>]
  /// The recurrent weight, transposed, and the state that is passed from step to step.
  let scratch: CPUMemory
  let threads: Int32

  init(
    _ cell: RecurrenceInstruction.Cell, _ node: Node, _ operands: Operands
  ) throws(CPUError) {
    self.cell = cell
    let states = operands.shape(node.inputs[0])
    sizes = loops_recurrence(states)
    inputs = node.inputs.map(operands.floats)
    outputs = node.outputs.map(operands.floats)
    let weightCount = operands.count(node.inputs[node.inputs.count - 1])
    scratch = try CPUMemory(
      byteCount: 4 * (weightCount + 2 * states[0] * states[2]), filler: 0, operands.store.memory)
    threads = operands.threads
  }

  func run() {
    withUnsafePointer(to: sizes) {
      switch cell {
      case .lstm:
        loops_lstm_gradient(
          $0, inputs[0], inputs[1], inputs[2], inputs[3], scratch.floats, outputs[0], threads)
      case .gru:
        loops_gru_gradient(
          $0, inputs[0], inputs[1], inputs[2], inputs[3], inputs[4], scratch.floats, outputs[0],
          outputs[1], threads)
      }
    }
  }
}

extension loops_recurrence {
  /// For states `[N, T, H]`.
  init(_ states: Shape) {
    self.init(sequences: states[0], length: states[1], units: states[2])
  }
}
