import CLoops
import Graphs
import Plans

/// One step of a plan with bound addresses; running it allocates no memory.
protocol Instruction {
  func run() throws(CPUError)
  /// The code that computes it, if there was a choice.
  var implementation: String? { get }
}

extension Instruction {
  var implementation: String? { nil }
}

/// A plan as a list of instructions with its own arena.
package final class CPUExecutable: Executable {
  package let plan: Plan
  let store: CPUStore
  let operands: Operands
  let instructions: [any Instruction]
  /// The instructions for fewer threads than `instructions` are for, once they were needed.
  var smaller: [Int: [any Instruction]] = [:]
  package let hosts: [Int: Int]
  package let unstored: Set<TensorID>
  /// The step of each instruction, and the code that computes it.
  let labels: [(step: Int, kernel: String)]

  init(_ plan: Plan, store: CPUStore) throws(CPUError) {
    let arena = try store.takeArena(byteCount: 4 * plan.arenaCount)
    let operands = Operands(
      plan: plan, store: store, arena: arena, threads: store.threads)
    operands.writeConstants()
    loops_use_threads(Int32(store.threads))
    var instructions: [any Instruction] = []
    var labels: [(step: Int, kernel: String)] = []
    var merged: [Int: any Instruction] = [:]
    var replaced: Set<Int> = []
    let pooledConvolutions = operands.pooledConvolutions
    for pooled in pooledConvolutions {
      for (index, instruction) in try pooled.instructions(operands) { merged[index] = instruction }
      replaced.formUnion(pooled.steps)
    }
    for (index, step) in plan.steps.enumerated() {
      let own = replaced.contains(index) ? nil : try step.instruction(operands)
      guard let instruction = merged[index] ?? own else { continue }
      instructions.append(instruction)
      let implementation = instruction.implementation.map { " (\($0))" } ?? ""
      labels.append((index, step.op.operation.word + implementation))
    }
    self.plan = plan
    self.store = store
    self.operands = operands
    self.instructions = instructions
    self.labels = labels
    hosts = pooledConvolutions.reduce(into: [:]) { $0.merge($1.hosts) { $1 } }
    unstored = Set(pooledConvolutions.flatMap(\.unstoredBy).flatMap { plan.steps[$0].outputs })
  }

  deinit { store.giveBack(operands.arena) }

  /// The code that computes each step for which there was a choice, in order:
  /// `brgconv:avx512_core`, `loops`.
  package var implementations: [String] { instructions.compactMap(\.implementation) }

  package func run() throws {
    try run(teamOf: store.team.threads())
  }

  /// - Parameter threads: at most those of the store.
  package func run(teamOf threads: Int) throws {
    loops_use_threads(Int32(threads))
    for instruction in try instructions(forTeamOf: threads) { try instruction.run() }
  }

  package var launches: [PlannedLaunch] {
    labels.map { PlannedLaunch(steps: [$0.step], kernels: [$0.kernel]) }
  }

  package func profile(runs: Int) throws -> [StepTime] {
    loops_use_threads(Int32(store.threads))
    let clock = ContinuousClock()
    var samples = LaunchSamples(labels)
    for _ in 0..<runs {
      samples.add(
        try instructions.map { instruction in
          try clock.measure { try instruction.run() } / .seconds(1)
        })
    }
    return samples.stepTimes(of: plan)
  }

  package func read(_ output: TensorID) -> [Double] {
    precondition(plan.outputs.contains(output), "\(output) is not an output of \(plan.name)")
    return operands.floats(output).doubles(count: operands.count(output))
  }

  package func write(_ values: [Double], to input: TensorID) {
    guard case .input = plan.graph[input].role else {
      preconditionFailure("\(input) is not an input of \(plan.name)")
    }
    precondition(values.count == operands.count(input), "an input must be written as a whole")
    operands.floats(input).write(values)
  }

  package func readArena() -> [Double] { operands.arena.floats.doubles(count: plan.arenaCount) }

  package func writeArena(_ values: [Double]) {
    precondition(values.count == plan.arenaCount, "an arena must be written as a whole")
    operands.arena.floats.write(values)
  }
}

extension Node {
  /// This step, bound to its addresses; `nil` if there is nothing to do.
  func instruction(_ operands: Operands) throws(CPUError) -> (any Instruction)? {
    switch op {
    case .gather(let op): GatherInstruction(op, self, operands)
    case .denormalize(let op): DenormalizeInstruction(op, self, operands)
    case .product(let op): try productInstruction(op, self, operands)
    case .conv2D(let op): try convolutionInstruction(op, self, operands)
    case .conv2DInputGradient(let op): try convolutionInstruction(op, self, operands)
    case .conv2DWeightGradient(let op): try convolutionInstruction(op, self, operands)
    case .addBias: AddBiasInstruction(self, operands)
    case .columnSum: ColumnSumInstruction(self, operands)
    case .activate(let op): ActivateInstruction(op, self, operands)
    case .activateGradient(let op): ActivateGradientInstruction(op, self, operands)
    case .pool2D(let op): Pool2DInstruction(op, self, operands)
    case .pool2DGradient(let op): Pool2DGradientInstruction(op, self, operands)
    case .upsample2D(let op): Upsample2DInstruction(op, self, operands)
    case .upsample2DGradient(let op): Upsample2DGradientInstruction(op, self, operands)
    case .upsampleWindow(let op): UpsampleWindowInstruction(op, self, operands)
    case .unfold1D(let op): Unfold1DInstruction(op, self, operands)
    case .fold1D(let op): Fold1DInstruction(op, self, operands)
    case .lstm: RecurrenceInstruction(.lstm, self, operands)
    case .lstmGradient: try RecurrenceGradientInstruction(.lstm, self, operands)
    case .gru: RecurrenceInstruction(.gru, self, operands)
    case .gruGradient: try RecurrenceGradientInstruction(.gru, self, operands)
    case .reshape, .straightThrough: nil
    case .batchNorm(let op): BatchNormInstruction(op, self, operands)
    case .batchNormGradient(let op): BatchNormGradientInstruction(op, self, operands)
    case .batchNormInference(let op): BatchNormInferenceInstruction(op, self, operands)
    case .add: AddInstruction(self, operands)
    case .scale(let op): ScaleInstruction(op, self, operands)
    case .reconstructionLoss(let op): LossInstruction(op, self, operands)
    case .reconstructionLossGradient(let op): LossGradientInstruction(op, self, operands)
    case .reconstructionLossWithGradient(let op): LossWithGradientInstruction(op, self, operands)
    case .exampleLoss(let op): ExampleLossInstruction(op, self, operands)
    case .exampleLossGradient(let op): ExampleLossGradientInstruction(op, self, operands)
    case .sumOfSquares: SumOfSquaresInstruction(self, operands)
    case .sumOfAbsolutes: SumOfAbsolutesInstruction(self, operands)
    case .sumOfAbsolutesGradient: SumOfAbsolutesGradientInstruction(self, operands)
    case .sparsity(let op): SparsityInstruction(op, self, operands)
    case .sparsityGradient(let op): SparsityGradientInstruction(op, self, operands)
    case .freeBits(let op): FreeBitsInstruction(op, self, operands)
    case .freeBitsGradient(let op): FreeBitsGradientInstruction(op, self, operands)
    case .discrepancy(let op): try DiscrepancyInstruction(op, self, operands)
    case .discrepancyGradient(let op): try DiscrepancyGradientInstruction(op, self, operands)
    case .normal(let op): NormalInstruction(op, self, operands)
    case .dropout(let op): DropoutInstruction(op, self, operands)
    case .noise(let op): NoiseInstruction(op, self, operands)
    case .noiseGradient(let op): NoiseGradientInstruction(op, self, operands)
    case .reparameterize(let op): ReparameterizeInstruction(op, self, operands)
    case .reparameterizeGradient(let op): ReparameterizeGradientInstruction(op, self, operands)
    case .importanceSample(let op): ImportanceSampleInstruction(op, self, operands)
    case .importanceSampleGradient(let op): ImportanceSampleGradientInstruction(op, self, operands)
    case .importanceBound(let op): ImportanceBoundInstruction(op, self, operands)
    case .importanceBoundGradient(let op): ImportanceBoundGradientInstruction(op, self, operands)
    case .shapedPrior(let op): ShapedPriorInstruction(op, self, operands)
    case .scheduled(let op): ScheduledInstruction(op, self, operands)
    case .gatherLabels(let op): GatherLabelsInstruction(op, self, operands)
    case .concatenate: ConcatenateInstruction(self, operands)
    case .columns(let op): ColumnsInstruction(op, self, operands)
    case .nearest: try NearestInstruction(self, operands)
    case .lookUp: LookUpInstruction(self, operands)
    case .perplexity(let op): try PerplexityInstruction(op, self, operands)
    case .allReduce(let op): try AllReduceInstruction(op, self, operands)
    case .record(let op): RecordInstruction(op, self, operands)
    case .updateStatistics(let op): UpdateStatisticsInstruction(op, self, operands)
    case .updateCodebook(let op): try UpdateCodebookInstruction(op, self, operands)
    case .update(let op): UpdateInstruction(op, operands)
    }
  }
}
