import Graphs
import Plans
import ReferenceBackend
import TestSupport
import Testing

/// Every gradient rule against central differences, in `Double`, on the reference backend.
@Suite struct GradientRuleTests {
  /// An op's rule, with the operands and the results that it is for: it refuses the others.
  struct Rule: Sendable {
    let op: any DifferentiableOperation
    let operands: [Int]
    let results: Range<Int>

    init?(_ opCase: OpCase) {
      guard let op = opCase.op.operation as? any DifferentiableOperation,
        let (graph, inputs, outputs) = try? opCase.graph()
      else { return nil }
      func accepts(_ operand: Int, _ results: Range<Int>) -> Bool {
        var graph = graph
        let seeds = outputs.map { graph.add(.input(name: "seed \($0)"), graph[$0].type) }
        let call = GradientCall(
          inputs: inputs, outputs: outputs,
          outputGradients: outputs.indices.map { results.contains($0) ? seeds[$0] : nil },
          wanted: inputs.indices.map { $0 == operand })
        return (try? op.gradients(call, in: &graph)) != nil
      }
      let counts = (1...outputs.count).reversed()
      guard let count = counts.first(where: { accepts(0, 0..<$0) }) else { return nil }
      self.op = op
      results = 0..<count
      operands = inputs.indices.filter { accepts($0, 0..<count) }
    }
  }

  /// The gradient goes past the value: see `StraightThroughTests`; or it is that of all ranks: see
  /// `RankTests`.
  private static func isJudgedElsewhere(_ opCase: OpCase) -> Bool {
    switch opCase.op {
    case .straightThrough, .batchNormInference: true
    default: false
    }
  }

  /// The smaller cases of every op that has a rule; the rules do not know sizes.
  static let cases = OpCases.all.filter { opCase in
    opCase.operands.map(\.shape.count).reduce(0, +) < 120
      && !opCase.hasTies && !isJudgedElsewhere(opCase) && Rule(opCase) != nil
  }

  @Test func everyRuleHasACase() {
    func words(_ cases: [OpCase]) -> Set<String> { Set(cases.map(\.op.operation.word)) }
    let withRules = OpCases.all.filter {
      $0.op.operation is any DifferentiableOperation && !Self.isJudgedElsewhere($0)
    }
    #expect(words(Self.cases) == words(withRules))
  }

  @Test(arguments: cases)
  func matchesCentralDifferences(_ opCase: OpCase) throws {
    var (graph, inputs, outputs) = try opCase.graph()
    let forwardPlan = Plan("forward", graph, outputs: outputs, parameters: noParameters)
    let rule = try #require(Rule(opCase))
    let results = Array(outputs[rule.results])
    let seeds = results.map { result in
      graph.add(.input(name: "seed \(result)"), TensorType(graph.shape(result)))
    }
    let call = GradientCall(
      inputs: inputs, outputs: outputs,
      outputGradients: outputs.indices.map { seeds.indices.contains($0) ? seeds[$0] : nil },
      wanted: inputs.indices.map(rule.operands.contains))
    let gradients = try rule.op.gradients(call, in: &graph)
    let plan = Plan(
      "backward", graph, outputs: gradients.compactMap(\.self), parameters: noParameters,
      fused: false)

    let store = ReferenceBackend().makeStore(.empty)
    let (forward, backward) = (try store.prepare(forwardPlan), try store.prepare(plan))
    let values = inputs.indices.map(opCase.values)
    let weights = results.map { output in
      (0..<graph.shape(output).count).map { 0.3 + 0.1 * Double($0 % 7) }
    }
    for (seed, weight) in zip(seeds, weights) where plan.placements[seed] != nil {
      try backward.write(weight, to: seed)
    }
    let operands = zip(inputs, values).filter { graph.constant($0.0) == nil }
    for (input, value) in operands where plan.placements[input] != nil {
      try backward.write(value, to: input)
    }
    try backward.run()

    /// `Σ weight · output` where one element of one input has another value.
    func objective(_ target: Int, _ element: Int, _ value: Double) throws -> Double {
      for (input, known) in operands { try forward.write(known, to: input) }
      var changed = values[target]
      changed[element] = value
      try forward.write(changed, to: inputs[target])
      try forward.run()
      return try zip(results, weights).map { output, weight in
        zip(try forward.read(output), weight).reduce(0) { $0 + $1.0 * $1.1 }
      }.reduce(0, +)
    }

    for target in inputs.indices {
      guard rule.operands.contains(target) else {
        #expect(gradients[target] == nil)
        continue
      }
      let analytic = try backward.read(try #require(gradients[target]))
      for element in values[target].indices {
        let x = values[target][element]
        let step = 1e-5
        let difference =
          (try objective(target, element, x + step) - objective(target, element, x - step))
          / (2 * step)
        // Rounding leaves about 1e-16 · |objective| / step, the cubic term about step².
        #expect(
          Tolerance(absolute: 2e-8, relative: 2e-7).accepts(analytic[element], difference),
          "input \(target), element \(element): \(analytic[element]) and \(difference)")
      }
    }
  }
}
