import CPUBackend
import Graphs
import Plans
import ReferenceBackend
import Training

/// Computes steps of plans anew from operands that a device had: in double precision on the
/// reference backend where that takes little, else on the native one.
final class Judge {
  /// Up to how many microseconds the reference backend may take for a step.
  private let budget: Int
  private let reference: Session
  private let native: Session?

  /// What a step should have made.
  struct Opinion {
    /// A value an output of the step.
    let results: [[Float]]
    /// What its rounding adds to that of the device: as much again, or nothing.
    let widening: Double
    /// Where the judge keeps what the step changed beside its outputs.
    let store: any Store
  }

  /// - Parameter budget: `nil`: the reference backend computes all.
  init(_ layout: StoreLayout, budget: Int?) throws {
    self.budget = budget ?? .max
    reference = try Session(layout, scaling: .init(), on: ReferenceBackend())
    native =
      budget == nil
      ? nil : try Session(layout, scaling: .init(), on: CPUBackend(reusesArenas: true))
  }

  /// Both judges, for all that is written to the device's store as well.
  var sessions: [Session] { [reference] + [native].compactMap(\.self) }

  func write(_ values: [Float], to buffer: StoreBuffer, at offset: Int = 0) throws {
    for session in sessions { try session.store.write(values, to: buffer, at: offset) }
  }

  /// Some of what was written to a buffer last.
  func floats(_ elements: Range<Int>, of buffer: StoreBuffer) throws -> [Float] {
    try (native ?? reference).store.floats(elements, of: buffer)
  }

  /// Computes a step.
  /// - Parameters:
  ///   - cursor: where its feed is.
  ///   - operands: what the device had of a tensor that is no part of the store.
  func opinion(
    on step: Int, of plan: Plan, at cursor: FeedCursor,
    operands: (TensorID) throws -> [Float]
  ) throws -> Opinion {
    let chosen = plan.referenceMicroseconds(of: step) <= budget ? reference : native ?? reference
    let alone = plan.alone(step: step)
    // What was recorded may shut the gate of a later update, whoever computes that.
    if case .record = plan.steps[step].op, let native {
      let other = chosen === native ? reference : native
      _ = try run(alone, in: other.store, at: cursor, operands)
    }
    return Opinion(
      results: try run(alone, in: chosen.store, at: cursor, operands),
      widening: chosen === native ? 2 : 1, store: chosen.store)
  }

  /// - Returns: the outputs of a plan of one step.
  private func run(
    _ alone: Plan, in store: any Store, at cursor: FeedCursor,
    _ operands: (TensorID) throws -> [Float]
  ) throws -> [[Float]] {
    guard let executable = try store.prepare(alone) as? any SteppedExecutable else {
      preconditionFailure("every judge can be asked for its tensors")
    }
    try cursor.begin(in: store)
    for id in Set(alone.steps[0].inputs) {
      guard case .arena = alone.placements[id] else { continue }
      try executable.set(id, to: operands(id))
    }
    try executable.run()
    return try alone.steps[0].outputs.map(executable.floats)
  }
}

extension Plan {
  /// About how long the reference backend takes for a step: some 2 ns for an operation of a product,
  /// 100 ns for one of what is computed element by element.
  fileprivate func referenceMicroseconds(of step: Int) -> Int {
    let operations = floatingPointOperations(of: steps[step])
    switch steps[step].op {
    case .product, .conv2D, .conv2DInputGradient, .conv2DWeightGradient: return operations / 500
    default: return operations / 10
    }
  }
}
