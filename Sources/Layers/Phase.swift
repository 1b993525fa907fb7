import Graphs

/// A part of a model other than encoder and decoder, computed from a named tensor, such as a critic
/// of codes. Its parameters are named `part.0.weight` and so on.
package struct Part: Hashable, Sendable {
  package var name: String
  /// The tensors that it reads, concatenated: names of `ModelTensor`, or of other parts.
  package var reads: [String]
  package var layers: [Layer]
  /// The part (or the decoder) whose layers and parameters it shares; then it has no own layers.
  package var shares: String?

  package init(name: String, reads: [String], layers: [Layer] = [], shares: String? = nil) {
    self.name = name
    self.reads = reads
    self.layers = layers
    self.shares = shares
  }
}

/// The tensors of an autoencoder that parts and terms can name; all are batches `[N, …]`.
package enum ModelTensor: String, Hashable, Sendable, CaseIterable {
  /// The network's input, before corruption.
  case input
  /// The decoder's input: a random draw if the model is variational.
  case code
  /// The decoder's output, between 0 and 1 if it is a sigmoid; normalized like the input.
  case reconstruction
  /// Codes drawn from the prior.
  case prior
  /// The class of each example, 1 at the class and 0 elsewhere, if the recipe has the number of
  /// classes.
  case label
}

/// A term of a phase other than the loss: the difference between a named tensor and another, or a
/// number. It is summed over the batch if the loss's reduction is a sum; else it is summed within
/// an example and averaged over the batch.
package struct Term: Hashable, Sendable {
  package enum Target: Hashable, Sendable {
    case value(Double)
    case tensor(String)
  }

  package enum Kind: Hashable, Sendable {
    /// Element by element.
    case error(ReconstructionError)
    /// The maximum mean discrepancy of two batches; it is not a sum over examples.
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

/// The optimizer settings of an update.
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

/// One of the updates of a training step: its objective and its parameters. Phases run one after
/// the other, and each uses the updated parameters of those before.
package struct Phase: Hashable, Sendable {
  package enum Goal: Hashable, Sendable {
    /// The model's loss.
    case loss
    /// Only the divergence of a variational code, in nats.
    case divergence
    case term(Term)
  }

  /// Its name in reports, and in the names of its moments.
  package var name: String
  package var minimises: [Goal]
  /// `encoder`, `decoder` and parts, by name; they must be adjacent.
  package var moves: [String]
  package var updating: Updating
  /// The condition for its update; `nil`: in all steps.
  package var condition: Condition?

  /// A range for the loss of this phase or of an earlier one, in the same step.
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

  /// Whether it updates a parameter or layer state.
  package func moves(_ name: String) -> Bool {
    moves.contains { part in
      NetworkPart(rawValue: part)?.has(name) ?? name.hasPrefix(part + ".")
    }
  }
}
