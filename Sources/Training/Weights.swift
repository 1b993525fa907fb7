import Graphs
import Layers
import Plans

/// The trained values of a network and the state of its layers: flat buffers on the device, named
/// tensors in files.
package struct Weights: Hashable, Sendable {
  package let layout: ParameterLayout
  /// In the order of the layout, with gaps.
  package let flat: [Double]
  package let stateLayout: StateLayout
  /// The layers' state in the order of its layout, with gaps.
  package let state: [Double]

  package init(
    layout: ParameterLayout, flat: [Double], stateLayout: StateLayout = .empty,
    state: [Double] = []
  ) {
    precondition(
      flat.count == layout.count && state.count == stateLayout.count,
      "flat buffers must have the size of the layout, with gaps")
    self.layout = layout
    self.flat = flat
    self.stateLayout = stateLayout
    self.state = state
  }

  /// The initial values of the layers; parameters are drawn by `seed`.
  package init(_ plans: RunPlans, seed: UInt64) {
    let (layout, stateLayout) = (plans.store.parameters, plans.store.state)
    var flat = [Double](repeating: 0, count: layout.count)
    for (declaration, entry) in zip(plans.declarations, layout.entries) {
      let values = declaration.initialValues(seed: seed)
      for (place, value) in values.enumerated() { flat[entry.offset + place] = Double(value) }
    }
    var state = [Double](repeating: 0, count: stateLayout.count)
    for (declaration, entry) in zip(plans.states, stateLayout.entries) {
      let values = declaration.initialValues(seed: seed)
      for (place, value) in values.enumerated() { state[entry.offset + place] = Double(value) }
    }
    self.init(layout: layout, flat: flat, stateLayout: stateLayout, state: state)
  }

  /// The tensors of a file, by name.
  /// - Parameter path: for errors.
  /// - Throws: `TrainingError.weights` with every tensor that is missing, extra or misshaped;
  ///   `.notFinite` with the first that contains an infinite or NaN value.
  package init(
    _ file: Safetensors, layout: ParameterLayout, stateLayout: StateLayout = .empty, path: String
  ) throws(TrainingError) {
    let known = Set((layout.entries + stateLayout.entries).map(\.name))
    var missing: [String] = []
    var misshaped: [TrainingError.Misshaped] = []
    func flat(_ entries: [ParameterLayout.Entry], count: Int) -> [Double] {
      var flat = [Double](repeating: 0, count: count)
      for entry in entries {
        guard let tensor = file[entry.name] else {
          missing.append(entry.name)
          continue
        }
        guard tensor.shape == entry.shape else {
          misshaped.append(
            TrainingError.Misshaped(
              name: entry.name, expected: entry.shape, received: tensor.shape))
          continue
        }
        for (place, value) in tensor.values.enumerated() {
          flat[entry.offset + place] = Double(value)
        }
      }
      return flat
    }
    let parameters = flat(layout.entries, count: layout.count)
    let state = flat(stateLayout.entries, count: stateLayout.count)
    let extra = file.tensors.map(\.name).filter { !known.contains($0) }
    guard missing.isEmpty, extra.isEmpty, misshaped.isEmpty else {
      throw .weights(path: path, missing: missing, extra: extra, misshaped: misshaped)
    }
    for tensor in file.tensors {
      guard let value = tensor.values.first(where: { !$0.isFinite }) else { continue }
      throw .notFinite(path: path, tensor: tensor.name, value: value)
    }
    self.init(layout: layout, flat: parameters, stateLayout: stateLayout, state: state)
  }

  /// The named tensors, in the layouts' order.
  /// - Parameter prefix: the prefix of their names.
  package func tensors(prefix: String = "") -> [Safetensors.Tensor] {
    func tensors(_ entries: [ParameterLayout.Entry], of flat: [Double]) -> [Safetensors.Tensor] {
      entries.map { entry in
        let values = flat[entry.offset..<entry.offset + entry.shape.count]
        return Safetensors.Tensor(
          name: prefix + entry.name, shape: entry.shape, values: values.map(Float.init))
      }
    }
    return tensors(layout.entries, of: flat) + tensors(stateLayout.entries, of: state)
  }
}
