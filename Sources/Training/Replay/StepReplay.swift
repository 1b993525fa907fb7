import Datasets
import Graphs
import Layers
import Plans
import Recipes

/// Computes a recorded step again: once as training does, and once so that every tensor can be looked at.
package final class StepReplay {
  private let recorded: RecordedStep
  private let recipe: Recipe
  private let plans: RunPlans
  private let scaling: FeatureScaling
  private let backend: any Backend

  /// What a step came to.
  package struct Outcome {
    package let loss: LossReport
    /// The phase whose loss or gradient was not finite; `nil` where all were.
    package let phase: Int?
    /// The first tensor that was not finite as the graph was computed one op after the other.
    package let first: Fault?
    /// The largest values that were seen.
    package let sizes: Sizes
  }

  /// Where something was not finite first.
  package struct Fault: Hashable, Sendable {
    /// The op and where it stands: `product + bias at encoder.1`.
    package let place: String
    package let shape: Shape
    /// The examples of the batch whose values it was, by their rows among those that train; all of them
    /// where the tensor has no axis of examples.
    package let rows: [Int]
    /// Whether it stands behind the losses, where gradients are.
    package let isGradient: Bool
  }

  /// The largest absolute values of some tensors.
  package struct Sizes: Hashable, Sendable {
    /// Of the examples as the network sees them.
    package var examples = 0.0
    /// The example that has it, by its row among those that train.
    package var rowOfLargest: Int?
    package var weights = 0.0
    /// Of the weights that the seed draws.
    package var firstWeights = 0.0
    /// The largest gradient that is finite.
    package var gradients = 0.0
    /// What the decoder made.
    package var reconstructions: ClosedRange<Double>?
  }

  /// - Parameters:
  ///   - recipe: of the run.
  ///   - scaling: what the network's examples are shifted and multiplied by.
  package init(
    _ recorded: RecordedStep, _ recipe: Recipe, scaling: FeatureScaling, on backend: any Backend
  ) throws {
    self.recorded = recorded
    self.recipe = recipe
    plans = try RunPlans(
      recipe.withoutJudge, RecordedStep.batches(recorded.facts, recorded.examples, recipe))
    self.scaling = scaling
    self.backend = backend
  }

  package func run() throws -> Outcome {
    let session = try session()
    let trained = try plans.training.phases.map { try session.prepare($0.full) }
    for executable in trained { try executable.run() }
    let fault = try session.store.firstNonFinite()
    let losses = try session.store.losses(.training, rows: 0..<1)
    var means = LossMeans(recipe.model, plans.parts)
    means.add(
      losses, sizes: [recorded.examples.count],
      at: LossMeans.Moment(
        step: recorded.facts.step, stepsPerEpoch: recorded.facts.stepsPerEpoch))
    var sizes = Sizes()
    sizes.weights = recorded.checkpoint.weights.flat.largest
    sizes.firstWeights = Weights(plans, seed: recipe.seed).flat.largest
    sizes.gradients = try session.store.read(.gradients).largest
    let first = try watch(&sizes)
    return Outcome(loss: means.report, phase: fault?.phase, first: first, sizes: sizes)
  }

  /// Memory with the state before the step. A store notes the first fault for good and moves nothing after
  /// it, so that each run has one of its own.
  private func session() throws -> Session {
    let session = try Session(plans.store, scaling: scaling, on: backend)
    try session.load(recorded.examples, into: .training)
    try session.write(recorded.checkpoint.weights)
    for (phase, moments) in recorded.checkpoint.moments.enumerated() {
      for (index, moment) in moments.values.enumerated() {
        try session.store.write(moment.flat, to: .moment(index, phase: phase))
      }
    }
    let step = recorded.facts.step
    try session.store.begin(
      .training, at: 0, step: step - 1, order: nil,
      table: recipe.table(
        of: step...step, stepsPerEpoch: recorded.facts.stepsPerEpoch, plans.store.ramps))
    return session
  }

  /// Computes each op by itself and looks at what it makes.
  private func watch(_ sizes: inout Sizes) throws -> Fault? {
    let source = plans.training.batches.source(batchSize: recorded.examples.count)
    let steps = try recipe.model.trainingSteps(source, recipe.updatings[0])
    let session = try session()
    for step in steps {
      let seen = step.graph.nodes.flatMap(\.outputs).filter {
        step.graph[$0].type.elementType == .float32
      }
      let plan = Plan(
        "replay", step.graph, outputs: seen, parameters: plans.store.parameters,
        state: plans.store.state, fused: false)
      let executable = try session.prepare(plan)
      try executable.run()
      let places = TensorPlaces(step.graph)
      for node in step.graph.nodes {
        for output in node.outputs where seen.contains(output) {
          let values = try executable.read(output)
          note(values, node, places, &sizes)
          if !values.allSatisfy(\.isFinite) {
            return fault(values, node, step.graph.shape(output), places)
          }
        }
      }
    }
    return nil
  }

  private func note(
    _ values: [Double], _ node: Node, _ places: TensorPlaces, _ sizes: inout Sizes
  ) {
    if case .gather = node.op, values.largest > sizes.examples {
      sizes.examples = values.largest
      let size = values.count / recorded.facts.rows.count
      sizes.rowOfLargest = values.firstIndex { abs($0) == sizes.examples }
        .map { recorded.facts.rows[$0 / size] }
    }
    if places.isReconstruction(node), let least = values.min(), let greatest = values.max(),
      least.isFinite, greatest.isFinite
    {
      sizes.reconstructions = least...greatest
    }
  }

  private func fault(
    _ values: [Double], _ node: Node, _ shape: Shape, _ places: TensorPlaces
  ) -> Fault {
    let rows = recorded.facts.rows
    var found = rows
    if shape.rank > 0, shape[0] == rows.count, !places.isParameterGradient(node) {
      let size = values.count / rows.count
      found = rows.indices.filter { row in
        !values[row * size..<(row + 1) * size].allSatisfy(\.isFinite)
      }.map { rows[$0] }
    }
    return Fault(
      place: places.name(of: node), shape: shape, rows: found, isGradient: places.isBehindLoss(node)
    )
  }
}

extension [Double] {
  /// The largest absolute value of those that are finite.
  fileprivate var largest: Double {
    reduce(0) { $1.isFinite ? Swift.max($0, abs($1)) : $0 }
  }
}
