import Datasets
import Graphs
import Plans

/// The device memory of a model and its examples, and the plans prepared on it, apart from any loop:
/// a trainer, a command on a run and a measurement are users of it.
package final class Session {
  package let layout: StoreLayout
  package let store: any Store
  /// What the network's examples are shifted and multiplied by.
  package let scaling: FeatureScaling

  /// Makes the memory; weights are zeros and feeds empty until they are written.
  package init(_ layout: StoreLayout, scaling: FeatureScaling, on backend: any Backend) throws {
    self.layout = layout
    self.scaling = scaling
    store = try backend.makeStore(layout)
  }

  /// Builds and binds a plan, and writes the scaling where the plan applies it.
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

  /// Copies a feed's examples to the device; their number and type are the layout's.
  package func load(_ examples: Examples, into feed: Feed) throws {
    try store.load(
      ExampleElements(examples), starts: examples.windows?.starts, labels: examples.labels,
      into: feed)
  }

  /// The trained values and the layers' state. Waits.
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
    case .doubles: preconditionFailure("doubles are scaled before they lie on a device")
    }
  }
}

extension FeatureScaling {
  /// The values of a plan's inputs, by the names that the model's steps give them.
  var inputs: [String: [Double]] { ["shift": shift, "factor": factor] }
}
