import Graphs
import Layers
import Plans

/// The trained values of a network: a flat buffer on the device, named tensors in files.
package struct Weights: Hashable, Sendable {
  package let layout: ParameterLayout
  /// As the layout says, gaps included.
  package let flat: [Double]

  package init(layout: ParameterLayout, flat: [Double]) {
    precondition(flat.count == layout.count, "a flat buffer has gaps and all")
    self.layout = layout
    self.flat = flat
  }

  /// The first values that the layers declare, drawn by `seed`.
  package init(_ declarations: [ParameterDeclaration], layout: ParameterLayout, seed: UInt64) {
    var flat = [Double](repeating: 0, count: layout.count)
    for (index, (declaration, entry)) in zip(declarations, layout.entries).enumerated() {
      let values = declaration.initialValues(seed: seed, index: index)
      for (place, value) in values.enumerated() { flat[entry.offset + place] = Double(value) }
    }
    self.init(layout: layout, flat: flat)
  }

  /// The tensors of a file, by name.
  /// - Parameter path: for errors.
  /// - Throws: `TrainingError.weights` with every tensor that is missing, extra or misshaped.
  package init(
    _ file: Safetensors, layout: ParameterLayout, path: String
  ) throws(TrainingError) {
    let known = Set(layout.entries.map(\.name))
    var missing: [String] = []
    var misshaped: [TrainingError.Misshaped] = []
    var flat = [Double](repeating: 0, count: layout.count)
    for entry in layout.entries {
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
    let extra = file.tensors.map(\.name).filter { !known.contains($0) }
    guard missing.isEmpty, extra.isEmpty, misshaped.isEmpty else {
      throw .weights(path: path, missing: missing, extra: extra, misshaped: misshaped)
    }
    self.init(layout: layout, flat: flat)
  }

  /// The named tensors, in the layout's order.
  /// - Parameter prefix: what their names begin with.
  package func tensors(prefix: String = "") -> [Safetensors.Tensor] {
    layout.entries.map { entry in
      let values = flat[entry.offset..<entry.offset + entry.shape.count]
      return Safetensors.Tensor(
        name: prefix + entry.name, shape: entry.shape, values: values.map(Float.init))
    }
  }
}
