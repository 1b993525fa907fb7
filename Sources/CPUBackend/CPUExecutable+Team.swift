import CLoops
import Glibc
import Graphs

extension CPUExecutable {
  /// The instructions for a team of so many threads, with the same results to the last bit: where a
  /// smaller team would change them, the whole team computes. To be called between two runs, as it
  /// tries products.
  func instructions(forTeamOf threads: Int) throws(CPUError) -> [any Instruction] {
    if threads == store.threads { return instructions }
    if let known = smaller[threads] { return known }
    let operands = Operands(plan: plan, store: store, arena: operands.arena, threads: threads)
    loops_use_threads(Int32(threads))
    var own: [any Instruction] = []
    for (instruction, label) in zip(instructions, labels) {
      let whole = WholeTeamInstruction(
        instruction: instruction, threads: Int32(store.threads), others: Int32(threads))
      let step = plan.steps[label.step]
      if step.op.isSameForEveryTeam, let smaller = try step.instruction(operands),
        try whole.agrees(with: smaller)
      {
        own.append(smaller)
      } else {
        own.append(whole)
      }
    }
    smaller[threads] = own
    return own
  }
}

/// An instruction of the whole team among those of a smaller one.
private struct WholeTeamInstruction: Instruction {
  let instruction: any Instruction
  /// The threads of the team, and those of the instructions around it.
  let threads, others: Int32

  func run() throws(CPUError) {
    loops_use_threads(threads)
    defer { loops_use_threads(others) }
    try instruction.run()
  }

  /// Whether a product that oneDNN computes is the same, computed by fewer threads. It is not where
  /// the inner dimension is divided in another way, among threads or for a part of other sizes.
  /// Other instructions are.
  func agrees(with smaller: any Instruction) throws(CPUError) -> Bool {
    guard let product = (instruction as? any OneDNNProduct)?.product else { return true }
    let operands = [
      UnsafeMutableBufferPointer(start: product.a, count: product.m * product.k),
      UnsafeMutableBufferPointer(start: product.b, count: product.k * product.n),
      UnsafeMutableBufferPointer(start: product.c, count: product.m * product.n),
    ]
    let kept = operands.map { Array($0) }
    defer { for (operand, values) in zip(operands, kept) { _ = operand.update(from: values) } }
    func result(_ instruction: any Instruction) throws(CPUError) -> [Float] {
      // Whatever is in the arena now, zeros for example, might be the same in any order.
      var state: UInt32 = 1
      for operand in operands {
        for index in operand.indices {
          state = state &* 1_664_525 &+ 1_013_904_223
          operand[index] = Float(state >> 8) * 0x1p-24 - 0.5
        }
      }
      try instruction.run()
      return Array(operands[2])
    }
    let expected = try result(self), found = try result(smaller)
    return memcmp(expected, found, 4 * found.count) == 0
  }
}

extension Op {
  /// Whether the instruction's results do not depend on the number of threads. oneDNN's convolutions
  /// and their gradients are divided in other ways, and other ranks wait for an exchange.
  fileprivate var isSameForEveryTeam: Bool {
    switch self {
    case .conv2D, .conv2DInputGradient, .conv2DWeightGradient, .allReduce: false
    default: true
    }
  }
}
