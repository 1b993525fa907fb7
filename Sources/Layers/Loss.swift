import Graphs

/// What training minimises: `reconstruction + klWeight · kl` and the penalties.
package struct Loss: Hashable, Sendable {
  package var reconstruction: ReconstructionError
  package var reduction: Reduction
  /// Of a variational model; 1 for the evidence lower bound.
  package var klWeight: Ramp
  /// `C`, in nats, of `klWeight · |kl − C|`: how much a code is to tell of an example (Burgess et al.
  /// 2018, equation 8).
  package var klCapacity: Ramp?
  /// `λ`, in nats, of `Σ max(λ, klₗ)` over the units of a code, each a mean over the batch: what every
  /// unit may tell for nothing (Kingma et al. 2016, equation 15).
  package var freeBits: Double
  /// `λ` of `λ · Σ |w|` over weights, not biases.
  package var l1: Double
  /// `λ` of `λ · Σ w² / 2` over weights, not biases.
  package var l2: Double
  /// `λ` of `λ · Σ |code|`, a mean over the batch; where the reconstruction's errors are added up over the
  /// batch, a sum.
  package var codeL1: Double
  package var sparsity: SparsityPenalty?
  /// How far the batch's codes lie from draws of the prior.
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

/// A pull of every unit of a code of sigmoids towards being active in a share `target` of the
/// examples.
package struct SparsityPenalty: Hashable, Sendable {
  package var target: Double
  package var weight: Ramp

  package init(target: Double, weight: Ramp) {
    self.target = target
    self.weight = weight
  }
}

/// A pull of codes towards the prior, by the maximum mean discrepancy of a batch of them from as many
/// draws (Zhao et al. 2017; Tolstikhin et al. 2017).
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
      found.append((sum, LossPart(name: "l1", weight: Ramp(l1), kind: "l1")))
    }
    for weight in weights where l2 != 0 {
      let sum = try network.graph.add(.sumOfSquares(SumOfSquares()), [weight])[0]
      found.append((sum, LossPart(name: "l2", weight: Ramp(l2 / 2), kind: "l2")))
    }
    if codeL1 != 0 {
      let mean = try network.overBatch(.sumOfAbsolutes(SumOfAbsolutes()), of: code)
      found.append((mean, LossPart(name: "l1", weight: Ramp(codeL1), kind: "l1")))
    }
    if let sparsity {
      let op = Sparsity(target: sparsity.target)
      let divergence = try network.graph.add(.sparsity(op), [code])[0]
      let part = LossPart(
        name: "sparsity", weight: sparsity.weight, kind: "sparsity to \(sparsity.target)")
      found.append((divergence, part))
    }
    return found
  }
}
