import Graphs
import Plans
import ReferenceBackend
import TestSupport
import Testing

/// Every op of every backend against the reference, over sizes that fit nothing.
///
/// Before a run every element of the arena that is no operand is NaN, outputs and gaps alike: an element
/// that is not written shows, and so does one too many, in a gap or in an operand.
@Suite(.serialized) struct OpParityTests {
  @Test(arguments: TestBackend.all)
  func everyCaseAgrees(_ backend: TestBackend) throws {
    try expectAgreement(OpCases.all, backend)
  }

  /// Matrix products, by every candidate.
  @Test(arguments: TestBackend.products)
  func everyProductAgrees(_ backend: TestBackend) throws {
    try expectAgreement(OpCases.products, backend)
  }

  private func expectAgreement(_ cases: [OpCase], _ backend: TestBackend) throws {
    let store = try backend.make().makeStore(.empty)
    let reference = ReferenceBackend().makeStore(.empty)
    for opCase in cases {
      let (graph, inputs, outputs) = try opCase.graph()
      let plan = Plan(opCase.description, graph, outputs: outputs, parameters: noParameters)
      let (judged, judge) = (try store.prepare(plan), try reference.prepare(plan))
      let before = poisoned(plan, opCase, inputs)
      for executable in [judged, judge] {
        try executable.writeArena(before)
        try executable.run()
      }
      for output in outputs {
        let difference = opCase.tolerance.firstDifference(
          try judged.read(output), try judge.read(output))
        #expect(difference == nil, "\(opCase): \(difference ?? "")")
      }
      let after = try judged.readArena()
      let written = Set(outputs.flatMap { elements(of: $0, in: plan) })
      for index in before.indices where !written.contains(index) {
        #expect(
          after[index] == before[index] || (after[index].isNaN && before[index].isNaN),
          "\(opCase): element \(index) of the arena, no output, became \(after[index])")
      }
    }
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
