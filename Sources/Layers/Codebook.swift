import Graphs
import Randoms

/// A codebook between encoder and decoder (van den Oord et al. 2017): each vector of the encoder's
/// output, `[…, D]`, is replaced by the nearest of `codes` codebook vectors, and its gradient is
/// passed straight through.
///
/// The codebook vectors are layer state. They are exponential moving averages of the vectors that
/// they replace, see `UpdateCodebook`. Their initial values are rows of the first batch, which
/// itself is decoded from zeros.
package struct Codebook: Hashable, Sendable {
  /// `K`
  package var codes: Int
  /// `β` in `β · ‖x − sg e‖²`, which pulls the encoder's output towards the codebook vectors; its
  /// reduction is that of the reconstruction error.
  package var commitment: Double
  /// `γ`, the weight of the old averages in each step.
  package var decay: Double
  /// `ε` for smoothing the counts.
  package var epsilon: Double
  /// The fraction of the average usage below which a codebook vector is reset.
  package var restart: Double

  package init(
    codes: Int, commitment: Double = 0.25, decay: Double = 0.99, epsilon: Double = 1e-5,
    restart: Double = 0.05
  ) {
    self.codes = codes
    self.commitment = commitment
    self.decay = decay
    self.epsilon = epsilon
    self.restart = restart
  }

  /// The state with the codebook vectors, `[K, D]`.
  package static let codesName = "codebook.codes"
}

/// A batch of vectors and their codebook vectors.
struct QuantizedBatch {
  /// The encoder's output, `[N, …, D]`.
  let x: TensorID
  /// The codebook vectors in its place; data.
  let target: TensorID
  /// The same with the gradient of `x`, for the decoder.
  let code: TensorID
  /// The indices: `[M]`, for all vectors of the batch.
  let indices: TensorID
  /// The indices of the batch of all ranks, in training.
  let wholeIndices: TensorID
}

extension Codebook {
  /// Replaces vectors by codebook vectors and, in training, updates the codebook.
  func quantize(
    _ x: TensorID, in network: inout NetworkBuilder
  ) throws(GraphError) -> QuantizedBatch {
    let shape = network.graph.shape(x)
    guard shape.rank >= 2, shape.columns >= 1 else {
      throw .operands(
        op: "codebook", expected: "vectors [N, …, D]", received: [network.graph[x].type])
    }
    network.begin("codebook")
    let size: Shape = [codes, shape.columns]
    let table = network.state("codes", size, initialValue: 0)
    let counts = network.state("counts", [codes], initialValue: 0)
    let sums = network.state("sums", size, initialValue: 0)
    let rows = try network.reshape(x, to: [shape.rows, shape.columns])
    let scores = try network.graph.add(.product(Product(transposeB: true)), [rows, table])[0]
    let indices = try network.graph.add(.nearest(Nearest()), [scores, table])[0]
    let found = try network.graph.add(.lookUp(LookUp()), [indices, table])[0]
    let target = try network.reshape(found, to: shape)
    let code = try network.graph.add(.straightThrough(StraightThrough()), [x, target])[0]
    var whole = [rows, indices]
    if network.mode == .training { whole = try network.wholeBatch(whole) }
    if network.layerMode == .training {
      let op = UpdateCodebook(
        decay: decay, epsilon: epsilon, restart: restart,
        stream: RandomStream.codebook.rawValue)
      network.updateState(.updateCodebook(op), whole + [table, counts, sums])
    }
    return QuantizedBatch(
      x: x, target: target, code: code, indices: indices, wholeIndices: whole[1])
  }

  /// The codebook's term of the loss, and the number of codebook vectors that the batch uses.
  func terms(
    of batch: QuantizedBatch, _ reduction: Reduction, in network: inout NetworkBuilder
  ) throws(GraphError) -> [(value: TensorID, part: LossPart)] {
    let loss = ReconstructionLoss(.squaredError, reduction)
    let commitment = try network.graph.add(
      .reconstructionLoss(loss), [batch.x, batch.target])[0]
    let perplexity = try network.graph.add(
      .perplexity(Perplexity(count: codes)), [batch.wholeIndices])[0]
    return [
      (commitment, LossPart(name: "commitment", weight: Ramp(self.commitment))),
      (perplexity, .measure("perplexity")),
    ]
  }
}
