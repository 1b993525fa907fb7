import Graphs
import Plans
import ReferenceBackend
import TestSupport
import Testing

/// Every op of every backend against the reference, over sizes that fit nothing.
///
/// Before a run every element of the arena that is no operand is NaN, outputs and gaps alike: an
/// element that is not written shows, and so does one too many, in a gap or in an operand.
@Suite(.serialized) struct OpParityTests {
  @Test(arguments: TestBackend.all)
  func everyCaseAgrees(_ backend: TestBackend) throws {
    let store = try backend.make().makeStore(.empty)
    for opCase in OpCases.all { try expectAgreement(opCase, store) }
  }

  /// Matrix products, by every candidate that supports them.
  @Test(arguments: OpenCLTestDevice.forced)
  func everyProductAgrees(_ device: OpenCLTestDevice) throws {
    let store = try device.open().makeStore(.empty)
    let candidate = try #require(device.candidate)
    for opCase in OpCases.products {
      guard case .product(let op) = opCase.op, !op.transposeA else { continue }
      let shape = try #require(opCase.plan().plan.products.first?.shape)
      guard device.serves(shape) else { continue }
      let choices = try expectAgreement(opCase, store)
      #expect(choices == [ProductChoice(shape, by: candidate)])
    }
  }

  /// - Returns: how products were computed.
  @discardableResult
  private func expectAgreement(_ opCase: OpCase, _ store: any Store) throws -> [ProductChoice] {
    let (plan, inputs, outputs) = try opCase.plan()
    let judged = try store.prepare(plan)
    let judge = try ReferenceBackend().makeStore(.empty).prepare(plan)
    let before = poisoned(plan, opCase, inputs)
    for executable in [judged, judge] {
      try executable.writeArena(before)
      try executable.run()
    }
    let tolerance = try opCase.tolerance()
    for output in outputs {
      let difference = tolerance.firstDifference(
        try judged.read(output), try judge.read(output))
      #expect(difference == nil, "\(opCase): \(difference ?? "")")
    }
    let after = try judged.readArena()
    let written = outputs.map { elements(of: $0, in: plan) }
    let spoiled = before.indices.first { index in
      let isKept = after[index] == before[index] || (after[index].isNaN && before[index].isNaN)
      return !isKept && !written.contains { $0.contains(index) }
    }
    #expect(
      spoiled == nil,
      "\(opCase): element \(spoiled ?? 0) of the arena, no output, became \(after[spoiled ?? 0])")
    return judged.productChoices
  }

  private func elements(of id: TensorID, in plan: Plan) -> Range<Int> {
    switch plan.placements[id] {
    case .arena(let offset), .input(let offset), .constant(let offset, _):
      offset..<offset + plan.graph.shape(id).count
    default: 0..<0
    }
  }

  /// NaN everywhere but in the operands.
  private func poisoned(_ plan: Plan, _ opCase: OpCase, _ inputs: [TensorID]) -> [Double] {
    var arena = [Double](repeating: .nan, count: plan.arenaCount)
    for (index, input) in inputs.enumerated() {
      arena.replaceSubrange(elements(of: input, in: plan), with: opCase.values(of: index))
    }
    return arena
  }
}
