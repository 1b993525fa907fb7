import Datasets
import Graphs
import Plans

/// The device memory of a model and its examples, and the plans prepared on it. Trainers, commands
/// on a run and measurements use it.
package final class Session {
  package let layout: StoreLayout
  package let store: any Store
  /// The shift and factor of the network's inputs.
  package let scaling: FeatureScaling

  /// Allocates the memory; weights are zero and feeds are empty until they are written.
  package init(_ layout: StoreLayout, scaling: FeatureScaling, on backend: any Backend) throws {
    self.layout = layout
    self.scaling = scaling
    store = try backend.makeStore(layout)
  }

  /// Prepares a plan, and writes the scaling if the plan applies it.
  package func prepare(_ plan: Plan) throws -> any Executable {
    let executable = try store.prepare(plan)
    for (name, id) in plan.inputs {
      if let values = scaling.inputs[name] { try executable.write(values, to: id) }
    }
    return executable
  }

  package func prepare(_ view: ViewPlan) throws -> PreparedView {
    PreparedView(view, try prepare(view.plan), of: store)
  }

  /// Copies a feed's examples to the device; their number and type must be those of the layout.
  package func load(_ examples: Examples, into feed: Feed) throws {
    try store.load(
      ExampleElements(examples), starts: examples.windows?.starts, labels: examples.labels,
      into: feed)
  }

  /// Copies some stored examples to the first places of a feed.
  func fill(_ feed: Feed, with examples: Examples) throws {
    guard let rows = examples.stored, let memory = layout.feeds[feed] else {
      preconditionFailure("the feed's examples are stored")
    }
    try store.fill(feed, rows: 0..<rows.count) { range, bytes in
      try rows.read(range, into: bytes)
    }
    guard memory.hasLabels, let labels = examples.labels else { return }
    let others = [Int32](repeating: 0, count: memory.exampleCount - rows.count)
    try store.write(labels: labels + others, of: feed)
  }

  /// The trained values and the layers' state. Waits for the device.
  package func weights() throws -> Weights {
    Weights(
      layout: layout.parameters, flat: try store.read(.parameters), stateLayout: layout.state,
      // A store without layer state has no buffer for it.
      state: layout.state.count == 0 ? [] : try store.read(.state))
  }

  package func write(_ weights: Weights) throws {
    try store.write(weights.flat, to: .parameters)
    if !weights.state.isEmpty { try store.write(weights.state, to: .state) }
  }
}

extension ExampleElements {
  init(_ examples: Examples) {
    switch examples.elements {
    case .bytes(let bytes): self = .bytes(bytes)
    case .floats(let floats): self = .floats(floats)
    case .doubles: preconditionFailure("doubles must be scaled before they are copied to a device")
    case .stored: preconditionFailure(Examples.Elements.isStored)
    }
  }
}

extension FeatureScaling {
  /// The values of a plan's inputs, by their names in the model's steps.
  var inputs: [String: [Double]] { ["shift": shift, "factor": factor] }
}
