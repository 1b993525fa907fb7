import Graphs

/// A named term of the loss: a column of the loss log. Columns with the same name are added in
/// reports.
package struct LossPart: Hashable, Sendable {
  package let name: String
  /// The factor of the logged value in the loss and in reports; the parts of a loss add up to it.
  package let weight: Ramp
  /// A name under which the unweighted value is also reported, if that is meaningful and `weight`
  /// is not 1: a divergence in nats.
  package let unweightedName: String?
  /// A description without the weight, if the recipe chooses the term: `l1`, `sparsity to 0.05`.
  package let kind: String?
  /// The layer that adds it; `nil` for terms of the loss or a phase.
  package let layer: LayerPlace?
  /// The phase that minimises it, if that is not the first: then it is not a part of the reported
  /// loss.
  package let phase: String?
  /// Whether it is only reported, not minimised: a mean over the batch.
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

  /// A value that is reported and not minimised, always a mean over the batch.
  static func measure(_ name: String) -> LossPart {
    LossPart(name, 0, unweightedName: name, isMeasure: true)
  }

  /// The same as a part of a later phase.
  func beside(_ phase: String) -> LossPart {
    LossPart(name: phase, weight: weight, kind: kind, layer: layer, phase: phase)
  }
}

/// A layer's index in the encoder, the decoder or another part, from 0.
package struct LayerPlace: Hashable, Sendable {
  package let part: String
  package let index: Int

  package init(part: String, index: Int) {
    self.part = part
    self.index = index
  }
}
