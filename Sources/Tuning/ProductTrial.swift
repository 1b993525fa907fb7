import Benchmarks
import Plans

/// The memory for trials of a product's plan: operands between −1 and 1, and results of NaN, so
/// that an element that is not written is detected.
struct ProductOperands {
  let arena: [Double]
  let parameters: [Double]
  let gradients: [Double]

  /// - Parameter layout: the plan's.
  init(_ plan: Plan, _ layout: StoreLayout) {
    var arena = noise(count: plan.arenaCount)
    for output in plan.outputs {
      guard case .arena(let offset) = plan.placements[output] else { continue }
      let count = plan.graph.shape(output).count
      arena.replaceSubrange(offset..<offset + count, with: repeatElement(.nan, count: count))
    }
    self.arena = arena
    parameters = noise(count: layout.parameters.count)
    gradients = [Double](repeating: .nan, count: layout.parameters.count)
  }
}

/// A product of a plan, prepared in the plan's store.
struct ProductTrial {
  let executable: any Executable
  private let plan: Plan
  private let store: any Store

  init(_ plan: Plan, in store: any Store) throws {
    self.plan = plan
    self.store = store
    executable = try store.prepare(plan)
  }

  /// The results of a run, in the order of the plan's outputs.
  func results(of operands: ProductOperands) throws -> [[Double]] {
    try executable.writeArena(operands.arena)
    try store.write(operands.parameters, to: .parameters)
    try store.write(operands.gradients, to: .gradients)
    try executable.run()
    return try plan.outputs.map(executable.read)
  }
}
