import Datasets
import Graphs
import Layers
import Plans

/// Weights with names from PyTorch or Keras, for a model of aegpu.
///
/// All names must follow one convention. Layers of the same kind, within each part of the network
/// that the names distinguish, are matched with the model's layers in the order of their numbers.
/// It is an error if a layer or tensor is left over or does not fit.
package struct ForeignWeights {
  /// The tensors by their names in aegpu.
  package let file: Safetensors
  /// The convention, and which layer was matched with which.
  package let note: String

  /// - Parameters:
  /// - parts: the parts of the network that get weights; `nil`: all.
  /// - shapes: the shape of every tensor of those parts, by name.
  /// - Returns: `nil` if the names follow neither convention, or the model has layers without a
  ///   counterpart.
  /// - Throws: `TrainingError.foreignWeights` if the names follow a convention and something does
  ///   not fit.
  package init?(
    _ file: Safetensors, for model: Model, parts: [NetworkPart]?, shapes: [String: Shape],
    path: String
  ) throws {
    guard var slots = try model.layerSlots(), let found = ForeignLayer.all(in: file)
    else { return nil }
    let convention = found.convention
    var layers = found.layers
    if let parts {
      slots = slots.filter { slot in parts.contains { $0.has(slot.name + ".") } }
      layers = layers.filter { layer in
        layer.part.map { part in parts.contains { $0.has(part + ".") } } ?? true
      }
    }
    let matching = WeightMatching(convention, layers, path: path)
    let pairs = try matching.pairs(slots)
    var tensors: [Safetensors.Tensor] = []
    for (slot, layer) in pairs {
      let found = layer.adopted(by: slot, convention)
      for (name, shape) in shapes.sorted(by: { $0.key < $1.key })
      where name.hasPrefix(slot.name + ".") {
        guard let tensor = found[String(name.dropFirst(slot.name.count + 1))] else {
          throw matching.error(
            "\(name) \(shape)",
            "\(layer.path) with only \(layer.tensors.keys.sorted().joined(separator: ", "))")
        }
        guard tensor.shape == shape else {
          throw matching.error(
            "\(name) \(shape)", "\(tensor.name), which is \(tensor.shape) in the layout of aegpu")
        }
        tensors.append(tensor.named(name))
      }
    }
    self.file = Safetensors(tensors: tensors)
    let layouts =
      switch convention {
      case .pyTorch: "transposed: dense and recurrent weights, convolutions from channels first"
      case .keras: "nothing transposed; gates of a gru reordered"
      }
    note =
      "\(path): \(convention.rawValue) names, layers matched in order ("
      + pairs.map { "\($0.slot.name) from \($0.layer.path)" }.joined(separator: ", ")
      + "); \(layouts)"
  }
}

/// Finds a layer in the file for each layer of the model.
private struct WeightMatching {
  private let convention: WeightConvention
  private let layers: [ForeignLayer]
  private let path: String

  init(_ convention: WeightConvention, _ layers: [ForeignLayer], path: String) {
    self.convention = convention
    self.layers = layers
    self.path = path
  }

  typealias Pair = (slot: LayerSlot, layer: ForeignLayer)

  func pairs(_ slots: [LayerSlot]) throws(TrainingError) -> [Pair] {
    let named = Set(layers.compactMap(\.part))
    var found: [String: ForeignLayer] = [:]
    var rest = slots
    // First the parts that the file's names distinguish; the remaining layers have one order.
    for part in ["mean", "logVariance", "encoder", "decoder"] where named.contains(part) {
      let own = layers.filter { $0.part == part }
      try match(rest.filter { $0.part == part }, own, into: &found)
      rest.removeAll { $0.part == part }
    }
    // Unnamed mean and log-variance layers follow the encoder.
    try match(rest, layers.filter { $0.part == nil }, into: &found)
    return slots.compactMap { slot in found[slot.name].map { (slot, $0) } }
  }

  private func match(
    _ slots: [LayerSlot], _ layers: [ForeignLayer], into found: inout [String: ForeignLayer]
  ) throws(TrainingError) {
    let kinds: [LayerSlot.Kind] = [
      .dense, .convolution1D, .convolution2D, .batchNorm, .lstm, .gru,
    ]
    for kind in kinds {
      let (slots, layers) = (slots.filter { $0.kind == kind }, layers.filter { $0.kind == kind })
      let telling = Set(layers.map(\.isTransposed)).count > 1
      for isTransposed in telling ? [false, true] : [false] {
        try matchInOrder(
          telling ? slots.filter { $0.isTransposed == isTransposed } : slots,
          telling ? layers.filter { $0.isTransposed == isTransposed } : layers, into: &found)
      }
    }
  }

  /// Matches layers of one kind.
  private func matchInOrder(
    _ slots: [LayerSlot], _ layers: [ForeignLayer], into found: inout [String: ForeignLayer]
  ) throws(TrainingError) {
    guard let kind = (slots.first?.kind ?? layers.first?.kind)?.rawValue else { return }
    let paths = layers.map(\.path).sorted().joined(separator: ", ")
    guard slots.count == layers.count else {
      let names = slots.map(\.name)
      let near = names.compactMap { Spelling.nearest(to: $0, of: self.layers.map(\.path)) }.first
      throw error(
        "\(slots.count) layers of kind \(kind)"
          + (names.isEmpty ? "" : " for \(names.joined(separator: ", "))"),
        "\(layers.count)" + (paths.isEmpty ? "" : ", \(paths)")
          + (near.map { "; the nearest name is \($0)" } ?? ""))
    }
    guard Set(layers.map(\.numbered.stem)).count <= 1 else {
      throw error(
        "layers of kind \(kind) whose names differ only in the numbers that give their order",
        paths)
    }
    let sorted = layers.sorted {
      $0.numbered.numbers.lexicographicallyPrecedes($1.numbered.numbers)
    }
    for (slot, layer) in zip(slots, sorted) { found[slot.name] = layer }
  }

  func error(_ expected: String, _ received: String) -> TrainingError {
    .foreignWeights(
      path: path, convention: convention.rawValue, expected: expected, received: received)
  }
}
