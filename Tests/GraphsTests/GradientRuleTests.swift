import Graphs
import Plans
import ReferenceBackend
import TestSupport
import Testing

/// Every gradient rule against central differences, in `Double`, on the reference backend.
@Suite struct GradientRuleTests {
  /// The smaller cases of every op that has a rule; the rules do not know sizes.
  static let cases = OpCases.all.filter { opCase in
    opCase.operands.map(\.shape.count).reduce(0, +) < 120
      && !differentiable(opCase.op).isEmpty && !opCase.hasTies
  }

  /// Which operands an op can be differentiated by.
  static func differentiable(_ op: Op) -> [Int] {
    switch op {
    case .product(let op): op.epilogue == .init() ? [0, 1] : []
    case .conv2D(let op): op.epilogue == .init() ? [0, 1] : []
    case .conv2DInputGradient(let op): op.epilogue == .init() ? [0, 1] : []
    case .addBias, .add, .discrepancy, .freeBits, .importanceSample: [0, 1]
    case .concatenate: [0]
    case .batchNorm: [0, 1, 2]
    case .lstm: [0, 1]
    case .gru: [0, 1, 2]
    case .activate, .pool2D, .upsample2D, .unfold1D, .fold1D, .reshape, .sumOfSquares,
      .sumOfAbsolutes, .sparsity,
      .dropout, .noise, .scale, .exampleLoss, .importanceBound:
      [0]
    case .reconstructionLoss: [0]
    case .reparameterize: [0, 1]
    case .gather, .denormalize, .conv2DWeightGradient, .columnSum, .activateGradient,
      .pool2DGradient, .upsample2DGradient, .upsampleWindow, .lstmGradient, .gruGradient,
      .batchNormGradient,
      .batchNormInference,
      .reconstructionLossGradient, .reconstructionLossWithGradient, .sumOfAbsolutesGradient,
      .sparsityGradient, .normal, .noiseGradient, .reparameterizeGradient, .record,
      .updateStatistics, .update, .exampleLossGradient, .importanceSampleGradient,
      .importanceBoundGradient, .freeBitsGradient, .discrepancyGradient,
      .shapedPrior, .scheduled, .gatherLabels, .columns:
      []
    }
  }

  /// Which results a gradient can come from: the others are only measured.
  static func differentiableResults(_ op: Op, of count: Int) -> Range<Int> {
    switch op {
    case .batchNorm, .sparsity, .freeBits, .lstm, .gru: 0..<1
    default: 0..<count
    }
  }

  @Test func coversEveryRule() {
    let names = Set(Self.cases.map { String($0.op.operation.name.prefix { $0 != "(" }) })
    let activations = Activation.allCases.map(\.rawValue)
    let expected: Set = [
      "product", "addBias", "add", "sumOfSquares", "squaredError", "binaryCrossEntropy",
      "binaryCrossEntropyWithLogits", "reparameterize", "conv2D", "conv2DInputGradient",
      "maximumPool2D", "averagePool2D", "upsample2D", "unfold1D", "fold1D", "reshape", "dropout",
      "mask", "noise",
      "batchNorm",
      "concatenate", "sumOfAbsolutes", "sparsity", "scale", "lstm", "gru", "discrepancy",
      "freeBits", "exampleLoss", "importanceSample", "importanceBound",
    ]
    #expect(names == expected.union(activations))
  }

  @Test(arguments: cases)
  func matchesCentralDifferences(_ opCase: OpCase) throws {
    var (graph, inputs, outputs) = try opCase.graph()
    let forwardPlan = Plan("forward", graph, outputs: outputs, parameters: noParameters)
    let results = Array(outputs[Self.differentiableResults(opCase.op, of: outputs.count)])
    let seeds = results.map { result in
      graph.add(.input(name: "seed \(result)"), TensorType(graph.shape(result)))
    }
    let targets = Self.differentiable(opCase.op)
    let call = GradientCall(
      inputs: inputs, outputs: outputs,
      outputGradients: outputs.indices.map { seeds.indices.contains($0) ? seeds[$0] : nil },
      wanted: inputs.indices.map(targets.contains))
    let gradients = try opCase.op.operation.gradients(call, in: &graph)
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
      guard targets.contains(target) else {
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
