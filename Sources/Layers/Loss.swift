import Graphs

/// The training objective: `reconstruction + klWeight · kl` and the penalties.
package struct Loss: Hashable, Sendable {
  package var reconstruction: ReconstructionError
  package var reduction: Reduction
  /// The weight of the KL divergence in a variational model; 1 for the evidence lower bound.
  package var klWeight: Ramp
  /// `C`, in nats, in `klWeight · |kl − C|`: the target of the KL divergence (Burgess et al. 2018,
  /// equation 8).
  package var klCapacity: Ramp?
  /// `λ`, in nats, in `Σ max(λ, klₗ)` over the units of a code, with `klₗ` the mean over the batch:
  /// the divergence of each unit that is not penalised (Kingma et al. 2016, equation 15).
  package var freeBits: Double
  /// `λ` in `λ · Σ |w|` over weights, not biases.
  package var l1: Double
  /// `λ` in `λ · Σ w² / 2` over weights, not biases.
  package var l2: Double
  /// `λ` in `λ · Σ |code|`, the mean over the batch; the sum if the reconstruction errors are
  /// summed over the batch.
  package var codeL1: Double
  package var sparsity: SparsityPenalty?
  /// The penalty on the discrepancy between the batch's codes and draws of the prior.
  package var discrepancy: DiscrepancyPenalty?

  package init(
    reconstruction: ReconstructionError, reduction: Reduction, klWeight: Ramp = 1,
    klCapacity: Ramp? = nil, freeBits: Double = 0, l1: Double = 0, l2: Double = 0,
    codeL1: Double = 0,
    sparsity: SparsityPenalty? = nil, discrepancy: DiscrepancyPenalty? = nil
  ) {
    self.discrepancy = discrepancy
    self.klCapacity = klCapacity
    self.freeBits = freeBits
    self.reconstruction = reconstruction
    self.reduction = reduction
    self.klWeight = klWeight
    self.l1 = l1
    self.l2 = l2
    self.codeL1 = codeL1
    self.sparsity = sparsity
  }
}

/// A penalty that makes each unit of a sigmoid code have mean activation `target`.
package struct SparsityPenalty: Hashable, Sendable {
  package var target: Double
  package var weight: Ramp

  package init(target: Double, weight: Ramp) {
    self.target = target
    self.weight = weight
  }
}

/// A penalty on the maximum mean discrepancy between a batch's codes and as many draws of the prior
/// (Zhao et al. 2017; Tolstikhin et al. 2017).
package struct DiscrepancyPenalty: Hashable, Sendable {
  package var kernel: DiscrepancyKernel
  package var weight: Ramp

  package init(_ kernel: DiscrepancyKernel = .gaussian, weight: Ramp) {
    self.kernel = kernel
    self.weight = weight
  }
}

extension Loss {
  /// Adds the penalties on weights, and on the code.
  func penalties(
    on code: TensorID, weights: [TensorID], in network: inout NetworkBuilder
  ) throws(GraphError) -> [(value: TensorID, part: LossPart)] {
    var found: [(TensorID, LossPart)] = []
    for weight in weights where l1 != 0 {
      let sum = try network.graph.add(.sumOfAbsolutes(SumOfAbsolutes()), [weight])[0]
      network.noteWhole(sum)
      found.append((sum, LossPart(name: "l1", weight: Ramp(l1), kind: "l1")))
    }
    for weight in weights where l2 != 0 {
      let sum = try network.graph.add(.sumOfSquares(SumOfSquares()), [weight])[0]
      network.noteWhole(sum)
      found.append((sum, LossPart(name: "l2", weight: Ramp(l2 / 2), kind: "l2")))
    }
    if codeL1 != 0 {
      let mean = try network.overBatch(.sumOfAbsolutes(SumOfAbsolutes()), of: code)
      found.append((mean, LossPart(name: "l1", weight: Ramp(codeL1), kind: "l1")))
    }
    if let sparsity {
      let divergence = try network.sparsity(target: sparsity.target, of: code)
      let part = LossPart(
        name: "sparsity", weight: sparsity.weight, kind: "sparsity to \(sparsity.target)")
      found.append((divergence, part))
    }
    return found
  }
}
