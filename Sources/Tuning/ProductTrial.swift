import Benchmarks
import Plans

/// A product of a plan, prepared in a store of the plan, its operands full of numbers between −1 and 1 and
/// its results of NaN, so that an element that is not written shows.
struct ProductTrial {
  let executable: any Executable
  private let plan: Plan
  private let store: any Store
  private let layout: StoreLayout

  /// - Parameter layout: the store's.
  init(_ plan: Plan, in store: any Store, _ layout: StoreLayout) throws {
    self.plan = plan
    self.store = store
    self.layout = layout
    executable = try store.prepare(plan)
  }

  /// The results of a run, in the order of the plan's outputs.
  func results() throws -> [[Double]] {
    var arena = noise(count: plan.arenaCount)
    for output in plan.outputs {
      guard case .arena(let offset) = plan.placements[output] else { continue }
      let count = plan.graph.shape(output).count
      arena.replaceSubrange(offset..<offset + count, with: repeatElement(.nan, count: count))
    }
    try executable.writeArena(arena)
    try store.write(noise(count: layout.parameters.count), to: .parameters)
    try store.write([Double](repeating: .nan, count: layout.parameters.count), to: .gradients)
    try executable.run()
    return try plan.outputs.map(executable.read)
  }
}
