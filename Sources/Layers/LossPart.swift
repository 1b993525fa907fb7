import Graphs

/// A named term of the loss: a column of the loss log. Columns of one name are added where they are
/// reported.
package struct LossPart: Hashable, Sendable {
  package let name: String
  /// What the logged value is multiplied by in the loss, and where the part is reported: the parts of
  /// a loss add up to it.
  package let weight: Ramp
  /// The name under which the logged value itself is reported beside the parts, where that has a
  /// meaning of its own and `weight` is not 1: a divergence in nats.
  package let unweightedName: String?
  /// What it is without its weight, where a recipe chooses that: `l1`, `sparsity to 0.05`.
  package let kind: String?
  /// The layer that adds it; `nil` of what the loss has or a phase.
  package let layer: LayerPlace?
  /// The phase that minimises it, where that is not the first: then it is reported beside the loss.
  package let phase: String?
  /// Whether it is no part of a loss: a mean over the batch that is reported beside.
  package let isMeasure: Bool

  package init(
    name: String, weight: Ramp, unweightedName: String? = nil, kind: String? = nil,
    layer: LayerPlace? = nil, phase: String? = nil
  ) {
    self.init(
      name, weight, unweightedName: weight == 1 ? nil : unweightedName, kind, layer, phase,
      isMeasure: false)
  }

  private init(
    _ name: String, _ weight: Ramp, unweightedName: String?, _ kind: String? = nil,
    _ layer: LayerPlace? = nil, _ phase: String? = nil, isMeasure: Bool
  ) {
    self.name = name
    self.weight = weight
    self.unweightedName = unweightedName
    self.kind = kind
    self.layer = layer
    self.phase = phase
    self.isMeasure = isMeasure
  }

  /// What is reported and not minimised, a mean over the batch whatever the loss's reduction.
  static func measure(_ name: String) -> LossPart {
    LossPart(name, 0, unweightedName: name, isMeasure: true)
  }

  /// The same as part of a phase that is not the first.
  func beside(_ phase: String) -> LossPart {
    LossPart(name: phase, weight: weight, kind: kind, layer: layer, phase: phase)
  }
}

/// A layer's place among the layers of encoder, decoder or another part, from 0.
package struct LayerPlace: Hashable, Sendable {
  package let part: String
  package let index: Int

  package init(part: String, index: Int) {
    self.part = part
    self.index = index
  }
}
