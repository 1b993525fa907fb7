import Graphs
import Layers

/// The kind of a model's loss: losses of the same kind can be compared.
package struct LossConvention: Hashable, Sendable, CustomStringConvertible {
  /// For example `cross-entropy per value`, `cross-entropy per example + KL`, or
  /// `squared error per value + L2 (0.001) + sparsity to 0.05 (2.0)`.
  package let description: String

  /// - Parameter model: a valid model, as in every recipe.
  package init(_ model: Model) {
    // The reported loss is that of the first phase.
    var terms = (model.phases.first?.minimises ?? [.loss]).map { goal in
      switch goal {
      case .loss: Self.terms(of: model.loss, model)
      case .divergence: "KL"
      case .term(let term): Self.weighted("\(term)", term.weight)
      }
    }
    do {
      for part in try model.lossParts() where part.phase == nil && part.layer != nil {
        terms.append(Self.weighted(part.kind ?? part.name, part.weight))
      }
    } catch {
      preconditionFailure("a model that was built before cannot be built: \(error)")
    }
    var text = terms.joined(separator: " + ")
    if model.normalization != .none, model.loss.reconstruction == .squaredError {
      // On a scale that depends on the data.
      text += model.normalization.factor ? ", standardised" : ", minus the mean"
    }
    if model.corruption != nil { text += ", from corrupted examples" }
    description = text
  }

  /// An added term; validation uses the final values of ramps.
  private static func weighted(_ term: String, _ weight: Ramp) -> String {
    "\(term) (\(weight.to))"
  }

  /// The terms that the settings of the loss add.
  private static func terms(of loss: Loss, _ model: Model) -> String {
    let error =
      switch loss.reconstruction {
      case .squaredError: "squared error"
      // The value is the same for probabilities and for logits.
      case .binaryCrossEntropy, .binaryCrossEntropyWithLogits: "cross-entropy"
      }
    // A sum over the batch is reported per example.
    var text = error + (loss.reduction == .mean ? " per value" : " per example")
    switch model.latent {
    case .deterministic: break
    case .variational where model.drawCount > 1:
      text += ", importance-weighted bound of \(model.drawCount) samples"
    case .variational:
      text += loss.klWeight.to == 1 ? " + KL" : " + \(loss.klWeight.to) KL"
      if let capacity = loss.klCapacity { text += " (capacity \(capacity.to))" }
      if loss.freeBits != 0 { text += " (free bits \(loss.freeBits) per unit)" }
    case .codebook(let codebook): text += " + commitment (\(codebook.commitment))"
    }
    if loss.l1 != 0 { text += " + L1 (\(loss.l1))" }
    if loss.l2 != 0 { text += " + L2 (\(loss.l2))" }
    if loss.codeL1 != 0 { text += " + L1 of the code (\(loss.codeL1))" }
    if let sparsity = loss.sparsity {
      text += " + sparsity (\(sparsity.weight.to), target \(sparsity.target))"
    }
    if let discrepancy = loss.discrepancy {
      text += " + MMD (\(discrepancy.weight.to), \(discrepancy.kernel.rawValue))"
    }
    return text
  }
}
