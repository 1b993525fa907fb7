import Datasets
import Graphs
import Layers
import Plans
import Recipes

/// Computes a recorded step again: once as in the run, and once op by op, so that every tensor can
/// be checked.
package final class StepReplay {
  private let recorded: RecordedStep
  private let recipe: Recipe
  private let plans: RunPlans
  private let scaling: FeatureScaling
  private let backend: any Backend

  /// The result of a step.
  package struct Outcome {
    package let loss: LossReport
    /// The phase whose loss or gradient was not finite, 0 for a validation; `nil` if all were finite.
    package let phase: Int?
    /// The first tensor that was not finite when the graph was computed op by op.
    package let first: Fault?
    /// The largest values.
    package let sizes: Sizes
  }

  /// The first place that was not finite.
  package struct Fault: Hashable, Sendable {
    /// The op and its layer: `product + bias at encoder.1`.
    package let place: String
    package let shape: Shape
    /// The rows of the data whose values were not finite; all examples of the batch if
    /// the tensor has no axis of examples.
    package let rows: [Int]
    /// Whether the op comes after the losses, where gradients are computed.
    package let isGradient: Bool
  }

  /// The largest absolute values of some tensors.
  package struct Sizes: Hashable, Sendable {
    /// Of the examples after scaling.
    package var examples = 0.0
    /// The row of the example with the largest value.
    package var rowOfLargest: Int?
    package var weights = 0.0
    /// Of the weights as the seed initializes them.
    package var firstWeights = 0.0
    /// The largest finite gradient; `nil` for a validation, which has none.
    package var gradients: Double?
    /// The range of the decoder's outputs.
    package var reconstructions: ClosedRange<Double>?
  }

  /// - Parameters:
  /// - recipe: the run's recipe.
  /// - scaling: the shift and factor of the network's examples.
  package init(
    _ recorded: RecordedStep, _ recipe: Recipe, scaling: FeatureScaling, on backend: any Backend
  ) throws {
    self.recorded = recorded
    self.recipe = recipe
    plans = try RunPlans(recorded.facts, recorded.examples, recipe)
    self.scaling = scaling
    self.backend = backend
  }

  package func run() throws -> Outcome {
    let session = try session()
    var sizes = Sizes()
    sizes.weights = recorded.checkpoint.weights.flat.largest
    sizes.firstWeights = Weights(plans, seed: recipe.seed).flat.largest
    let (loss, phase) =
      try plans.evaluation.map { try validate($0, in: session) }
      ?? train(in: session)
    if plans.evaluation == nil {
      sizes.gradients = try session.store.read(.gradients).largest
    }
    let first = try watch(&sizes)
    return Outcome(loss: loss, phase: phase, first: first, sizes: sizes)
  }

  private func train(in session: Session) throws -> (loss: LossReport, phase: Int?) {
    let phases = try plans.training.phases.map { try session.prepare($0.full) }
    for executable in phases { try executable.run() }
    let fault = try session.store.firstNonFinite()
    var means = LossMeans(recipe.model, plans.parts)
    means.add(
      try session.store.losses(.training, rows: 0..<1), sizes: [recorded.examples.count],
      at: LossMeans.Moment(
        step: recorded.facts.step, stepsPerEpoch: recorded.facts.stepsPerEpoch))
    return (means.report, fault?.phase)
  }

  private func validate(
    _ steps: RunPlans.Steps, in session: Session
  ) throws -> (loss: LossReport, phase: Int?) {
    let evaluation = try Evaluation(steps, recipe.model, plans.parts, in: session)
    let facts = recorded.facts
    let report = try evaluation.run(from: (facts.validationBatch ?? 0, facts.rows.first ?? 0))!
    return (report, report.loss.isFinite ? nil : 0)
  }

  /// Memory with the state before the step. A store remembers its first fault and updates nothing
  /// after it, so each run needs a new one.
  private func session() throws -> Session {
    let session = try Session(plans.store, scaling: scaling, on: backend)
    try session.load(recorded.examples, into: feed)
    try session.write(recorded.checkpoint.weights)
    for (phase, moments) in recorded.checkpoint.moments.enumerated() {
      for (index, moment) in moments.values.enumerated() {
        try session.store.write(moment.flat, to: .moment(index, phase: phase))
      }
    }
    if let batch = recorded.facts.validationBatch {
      try session.store.begin(feed, step: batch, order: nil, schedule: [])
    } else {
      let step = recorded.facts.step
      try session.store.begin(
        feed, at: 0, step: step - 1, order: nil,
        table: recipe.table(
          of: step...step, stepsPerEpoch: recorded.facts.stepsPerEpoch, plans.store.ramps))
    }
    return session
  }

  private var feed: Feed { recorded.facts.validationBatch == nil ? .training : .validation }

  /// Computes the graph op by op and checks each result.
  private func watch(_ sizes: inout Sizes) throws -> Fault? {
    let batches = plans.evaluation?.batches ?? plans.training.batches
    let source = batches.source(batchSize: recorded.examples.count)
    let steps =
      feed == .validation
      ? [try recipe.model.evaluationStep(source)]
      : try recipe.model.trainingSteps(source, recipe.updatings[0])
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
      place: places.name(of: node), shape: shape, rows: found,
      isGradient: feed == .training && places.isBehindLoss(node))
  }
}

extension [Double] {
  /// The largest absolute value of the finite elements.
  fileprivate var largest: Double {
    reduce(0) { $1.isFinite ? Swift.max($0, abs($1)) : $0 }
  }
}
