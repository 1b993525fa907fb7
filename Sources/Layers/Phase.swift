import Graphs

/// A part of a model beside encoder and decoder: what is computed from a named tensor, such as a
/// critic of codes. Its parameters are named `part.0.weight` and so on.
package struct Part: Hashable, Sendable {
  package var name: String
  /// The tensors that it reads side by side, the first at each of its places: of `ModelTensor`, or other
  /// parts by name.
  package var reads: [String]
  package var layers: [Layer]
  /// The part whose layers and parameters are its own, too, the decoder among them; then it has no
  /// others.
  package var shares: String?

  package init(name: String, reads: [String], layers: [Layer] = [], shares: String? = nil) {
    self.name = name
    self.reads = reads
    self.layers = layers
    self.shares = shares
  }
}

/// The tensors of an autoencoder that parts and terms read by name; all are batches `[N, …]`.
package enum ModelTensor: String, Hashable, Sendable, CaseIterable {
  /// The examples as the network sees them, before they are corrupted.
  case input
  /// What the decoder reads: a draw where the model is variational.
  case code
  /// What the decoder makes of the code, between 0 and 1 where it is a sigmoid's; normalised as the
  /// input is.
  case reconstruction
  /// Codes drawn from the prior.
  case prior
  /// The class of each example, 1 at the class and 0 elsewhere, where the recipe says how many there
  /// are.
  case label
}

/// Something that a phase minimises beside the loss: how far a named tensor is from another, or from
/// a number. Where the loss's reduction is a sum, it is added up over the batch; else it is added up
/// within an example and averaged over the batch.
package struct Term: Hashable, Sendable {
  package enum Target: Hashable, Sendable {
    case value(Double)
    case tensor(String)
  }

  package enum Kind: Hashable, Sendable {
    /// Element by element.
    case error(ReconstructionError)
    /// The maximum mean discrepancy of two batches, the second a tensor; it has no sum within an example.
    case discrepancy(DiscrepancyKernel)
  }

  package var kind: Kind
  package var of: String
  package var against: Target
  package var weight: Ramp

  package init(
    _ error: ReconstructionError, of: String, against: Target, weight: Ramp = 1
  ) {
    self.init(.error(error), of: of, against: against, weight: weight)
  }

  package init(
    _ kernel: DiscrepancyKernel, of: String, against: String, weight: Ramp = 1
  ) {
    self.init(.discrepancy(kernel), of: of, against: .tensor(against), weight: weight)
  }

  private init(_ kind: Kind, of: String, against: Target, weight: Ramp) {
    self.kind = kind
    self.of = of
    self.against = against
    self.weight = weight
  }
}

extension Term: CustomStringConvertible {
  /// Without its weight: `squaredError of critic against 1`.
  package var description: String {
    let kind =
      switch kind {
      case .error(let error): error.rawValue
      case .discrepancy(let kernel): "mmd (\(kernel.rawValue))"
      }
    let target =
      switch against {
      case .value(let value): "\(value)"
      case .tensor(let name): name
      }
    return "\(kind) of \(of) against \(target)"
  }
}

/// How parameters are moved.
package struct Updating: Hashable, Sendable {
  package var optimizer: Optimizer
  package var learningRate: Double
  package var clipping: GradientClipping

  package init(
    _ optimizer: Optimizer, learningRate: Double, clipping: GradientClipping = .none
  ) {
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.clipping = clipping
  }
}

/// One of the updates of a training step: what it minimises and what it moves. Phases follow each
/// other, each reads what the one before has moved.
package struct Phase: Hashable, Sendable {
  package enum Goal: Hashable, Sendable {
    /// All that the model's loss has.
    case loss
    /// The divergence of a variational code alone, in nats.
    case divergence
    case term(Term)
  }

  /// Under which its value is reported, and its moments kept.
  package var name: String
  package var minimises: [Goal]
  /// `encoder`, `decoder` and parts, by their names; they lie side by side.
  package var moves: [String]
  package var updating: Updating
  /// In which steps it moves them; `nil` for all.
  package var condition: Condition?

  /// Whether another phase, or this one, has lost so much in the same step: it stands before, or is this
  /// one.
  package struct Condition: Hashable, Sendable {
    package var phase: String
    package var above: Double?
    package var below: Double?

    package init(phase: String, above: Double? = nil, below: Double? = nil) {
      (self.phase, self.above, self.below) = (phase, above, below)
    }
  }

  package init(
    name: String, minimises: [Goal], moves: [String], updating: Updating,
    condition: Condition? = nil
  ) {
    self.condition = condition
    self.name = name
    self.minimises = minimises
    self.moves = moves
    self.updating = updating
  }

  /// Whether it moves a parameter or a piece of layer state.
  package func moves(_ name: String) -> Bool {
    moves.contains { part in
      NetworkPart(rawValue: part)?.has(name) ?? name.hasPrefix(part + ".")
    }
  }
}
