import Graphs
import Layers

/// A layer of a model that gets weights from another program.
struct LayerSlot: Hashable {
  enum Kind: String {
    case dense
    case convolution1D = "conv1D"
    case convolution2D = "conv2D"
    case batchNorm, lstm, gru
  }

  /// `encoder`, `mean`, `logVariance` or `decoder`.
  let part: String
  let kind: Kind
  /// Whether it is a transposed convolution.
  var isTransposed = false
  /// The prefix of its tensors' names.
  let name: String
  /// The positions of its inputs and outputs in a program with channels first; `nil` if they are
  /// the same.
  var inputs: [Int]?
  var outputs: [Int]?
}

extension Model {
  /// The layers with weights, in order; `nil` for a model whose layers other programs do not have.
  func layerSlots() throws(GraphError) -> [LayerSlot]? {
    guard codebook == nil, parts.isEmpty else { return nil }
    let rows = try summary()
    var walk = SlotWalk(shape: input)
    guard walk.take(encoder, rows.filter { $0.part == "encoder" }, part: "encoder") else {
      return nil
    }
    if case .variational = latent {
      for head in ["mean", "logVariance"] {
        walk.slots.append(
          LayerSlot(part: head, kind: .dense, name: head, inputs: walk.order))
      }
      walk.order = nil
      walk.shape = try codeShape()
    }
    guard walk.take(decoder, rows.filter { $0.part == "decoder" }, part: "decoder") else {
      return nil
    }
    return walk.slots
  }
}

/// Tracks the feature order between two layers on the way through a network.
private struct SlotWalk {
  var slots: [LayerSlot] = []
  var shape: Shape
  /// The order of an example's features that were an image or a sequence: see `LayerSlot.inputs`.
  var order: [Int]?
  /// Whether a program that can has channels first at this point.
  private var isChannelsFirst = false

  init(shape: Shape) { self.shape = shape }

  /// - Returns: false if a layer has no counterpart.
  mutating func take(_ layers: [Layer], _ rows: [LayerSummary], part: String) -> Bool {
    var index = 0
    for (place, (layer, row)) in zip(layers, rows).enumerated() {
      var slot: LayerSlot?
      let name = "\(part).\(index)"
      switch layer {
      case .dense:
        let outputs = shape.rank == 1 ? Self.order(before: layers[(place + 1)...]) : nil
        slot = LayerSlot(part: part, kind: .dense, name: name, inputs: order, outputs: outputs)
        order = outputs
      case .conv2D, .convTranspose2D:
        slot = LayerSlot(part: part, kind: .convolution2D, name: name)
        isChannelsFirst = true
      case .conv1D, .convTranspose1D:
        slot = LayerSlot(part: part, kind: .convolution1D, name: name)
        isChannelsFirst = true
      case .lstm, .gru:
        slot = LayerSlot(part: part, kind: layer.name == "lstm" ? .lstm : .gru, name: name)
        isChannelsFirst = false
      case .batchNorm:
        slot = LayerSlot(part: part, kind: .batchNorm, name: name, outputs: order)
      case .maxPool2D, .averagePool2D, .upsample2D, .maxPool1D, .averagePool1D, .upsample1D:
        isChannelsFirst = true
      case .flatten:
        if isChannelsFirst { order = shape.channelsFirstOrder }
        isChannelsFirst = false
      case .reshape:
        // If the features are not a row, their order in the other program is unknown.
        guard shape.rank == 1 else { return false }
        isChannelsFirst = Self.order(before: layers[place...]) != nil
        order = nil
      case .concatenate: guard order == nil, !isChannelsFirst else { return false }
      case .tiedDense: return false
      case .repeat, .dropout, .gaussianNoise, .maskingNoise, .activation, .penalty: break
      }
      if var slot {
        if case .convTranspose1D = layer { slot.isTransposed = true }
        if case .convTranspose2D = layer { slot.isTransposed = true }
        slots.append(slot)
        index += 1
      }
      shape = row.output
    }
    return true
  }

  /// The order of features that the next layers reshape to an image or, for a convolution, a
  /// sequence.
  private static func order(before layers: ArraySlice<Layer>) -> [Int]? {
    for (place, layer) in zip(layers.indices, layers) {
      switch layer {
      case .dropout, .gaussianNoise, .maskingNoise, .activation, .penalty, .batchNorm: continue
      case .reshape(let reshape):
        let isImage = reshape.shape.rank == 3 || convolves(layers[(place + 1)...])
        return isImage ? reshape.shape.channelsFirstOrder : nil
      default: return nil
      }
    }
    return nil
  }

  /// Whether the next layer with weights is a convolution.
  private static func convolves(_ layers: ArraySlice<Layer>) -> Bool {
    for layer in layers {
      switch layer {
      case .conv1D, .convTranspose1D, .conv2D, .convTranspose2D: return true
      case .dense, .tiedDense, .lstm, .gru: return false
      default: continue
      }
    }
    return false
  }
}

extension Shape {
  /// For features `[…, C]`, the position of each in `[C, …]`; `nil` if it is the same.
  fileprivate var channelsFirstOrder: [Int]? {
    guard rank > 1, columns > 1, rows > 1 else { return nil }
    return (0..<count).map { $0 % columns * rows + $0 / columns }
  }
}
