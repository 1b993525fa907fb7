import CLoops
import Graphs
import Plans

/// One step of a plan with its addresses bound; running it allocates nothing of ours.
protocol Instruction {
  func run() throws(CPUError)
}

/// A plan as a list of instructions over an arena of its own.
final class CPUExecutable: Executable {
  private let plan: Plan
  private let store: CPUStore
  private let operands: Operands
  private let instructions: [any Instruction]

  init(_ plan: Plan, store: CPUStore) throws(CPUError) {
    // NaN, so that an element that no step writes shows.
    let arena = try CPUMemory(byteCount: 4 * plan.arenaCount, filler: 0xFF)
    let operands = Operands(plan: plan, store: store, arena: arena)
    operands.writeConstants()
    loops_use_threads(Int32(store.threads))
    var instructions: [any Instruction] = []
    for step in plan.steps { try instructions.append(step.instruction(operands)) }
    self.plan = plan
    self.store = store
    self.operands = operands
    self.instructions = instructions
  }

  func run() throws {
    loops_use_threads(Int32(store.threads))
    for instruction in instructions { try instruction.run() }
  }

  func read(_ output: TensorID) -> [Double] {
    precondition(plan.outputs.contains(output), "\(output) is not an output of \(plan.name)")
    return operands.floats(output).doubles(count: operands.count(output))
  }

  func write(_ values: [Double], to input: TensorID) {
    guard case .input = plan.graph[input].role else {
      preconditionFailure("\(input) is not an input of \(plan.name)")
    }
    precondition(values.count == operands.count(input), "an input is written whole")
    operands.floats(input).write(values)
  }

  func readArena() -> [Double] { operands.arena.floats.doubles(count: plan.arenaCount) }

  func writeArena(_ values: [Double]) {
    precondition(values.count == plan.arenaCount, "an arena is written whole")
    operands.arena.floats.write(values)
  }
}

extension Node {
  /// This step, bound to its addresses.
  fileprivate func instruction(_ operands: Operands) throws(CPUError) -> any Instruction {
    switch op {
    case .gather(let op): GatherInstruction(op, self, operands)
    case .product(let op): try productInstruction(op, self, operands)
    case .addBias: AddBiasInstruction(self, operands)
    case .columnSum: ColumnSumInstruction(self, operands)
    case .activate(let op): ActivateInstruction(op, self, operands)
    case .activateGradient(let op): ActivateGradientInstruction(op, self, operands)
    case .add: AddInstruction(self, operands)
    case .scale(let op): ScaleInstruction(op, self, operands)
    case .reconstructionLoss(let op): LossInstruction(op, self, operands)
    case .reconstructionLossGradient(let op): LossGradientInstruction(op, self, operands)
    case .reconstructionLossWithGradient(let op): LossWithGradientInstruction(op, self, operands)
    case .sumOfSquares: SumOfSquaresInstruction(self, operands)
    case .normal(let op): NormalInstruction(op, self, operands)
    case .reparameterize(let op): ReparameterizeInstruction(op, self, operands)
    case .reparameterizeGradient(let op): ReparameterizeGradientInstruction(op, self, operands)
    case .record(let op): RecordInstruction(op, self, operands)
    case .update(let op): UpdateInstruction(op, operands)
    }
  }
}
