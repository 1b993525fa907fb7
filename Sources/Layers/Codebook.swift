import Graphs
import Randoms

/// A codebook between encoder and decoder (van den Oord et al. 2017): each vector of the encoder's
/// output, `[…, D]`, is replaced by the nearest of `codes` vectors, and its gradient passes straight
/// through.
///
/// The codes are layer state. They follow exponential averages of the vectors that they replace, as
/// `UpdateCodebook` says, and begin as rows of the first batch, which itself is decoded from zeros.
package struct Codebook: Hashable, Sendable {
  /// `K`
  package var codes: Int
  /// `β` of `β · ‖x − sg e‖²`, which pulls the encoder's output to its codes; it is reduced as the
  /// reconstruction's error is.
  package var commitment: Double
  /// `γ`, the share of the averages that stays at each step.
  package var decay: Double
  /// `ε` of the smoothed counts.
  package var epsilon: Double
  /// The share of its fair share of the vectors up to which a code is restarted.
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

  /// The state that holds the codes, `[K, D]`.
  package static let codesName = "codebook.codes"
}

/// A batch of vectors and the codes that stand for them.
struct QuantizedBatch {
  /// The encoder's output, `[N, …, D]`.
  let x: TensorID
  /// The codes in its place; data.
  let target: TensorID
  /// The same with the gradient of `x`: what is decoded.
  let code: TensorID
  /// Which codes: `[M]`, all vectors of the batch one after the other.
  let indices: TensorID
}

extension Codebook {
  /// Replaces vectors by codes and, in training, has the codes follow.
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
    if network.layerMode == .training {
      let op = UpdateCodebook(
        decay: decay, epsilon: epsilon, restart: restart,
        stream: RandomStream.codebook.rawValue)
      network.updateState(.updateCodebook(op), [rows, indices, table, counts, sums])
    }
    return QuantizedBatch(x: x, target: target, code: code, indices: indices)
  }

  /// What the codebook adds to a loss, and how many codes the batch makes use of.
  func terms(
    of batch: QuantizedBatch, _ reduction: Reduction, in network: inout NetworkBuilder
  ) throws(GraphError) -> [(value: TensorID, part: LossPart)] {
    let loss = ReconstructionLoss(.squaredError, reduction)
    let commitment = try network.graph.add(
      .reconstructionLoss(loss), [batch.x, batch.target])[0]
    let perplexity = try network.graph.add(
      .perplexity(Perplexity(count: codes)), [batch.indices])[0]
    return [
      (commitment, LossPart(name: "commitment", weight: Ramp(self.commitment))),
      (perplexity, .measure("perplexity")),
    ]
  }
}
