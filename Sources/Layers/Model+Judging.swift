import Graphs
import Randoms

/// What a model makes of examples one by one.
extension Model {
  /// How well each example is reconstructed: from the mean of its code where the model is
  /// variational, and from what corruption leaves of it where the model is denoising.
  ///
  /// Outputs, for the `N` examples of `batch`:
  /// - `reconstructionError` `[N]`: the error that is trained, of each example: the sum over its
  ///   values, or, where the loss is a mean, their mean. The loss of a batch is their mean, or, where
  ///   the loss is a sum, their sum. Of a masked model over what is there: a mean is the sum divided
  ///   by all values times `batch.presentShare`, as in training.
  /// - `squaredError` `[N]`: the mean over an example's values of the squared difference of
  ///   `original` and `reconstruction`; of a masked model the sum over what is there, divided by all.
  /// - `original`, `reconstruction` `[N] + input`: on the scale of the data.
  /// - `code` `[N] + codeShape`; of a variational model the mean, and `logVariance` `[N, L]` beside.
  ///   The divergence of unit `u` is `½ (μ² + eˢ − 1 − s)` nats.
  /// - `presence` `[N] + input` of a masked model: 1 where there is a value, 0 where it is missing.
  package func judgingStep(_ batch: BatchSource) throws(GraphError) -> StepGraph {
    var network = NetworkBuilder(.evaluation, batch)
    let x = try gather(batch, in: &network)
    let presence = try presence(batch, in: &network)
    let code = try encode(corruption?.corrupt(x, in: &network) ?? x, in: &network)
    let output = try network.build(trainedDecoder, code.mean, part: "decoder")
    let original = try denormalized(x, in: &network)
    let reconstruction = try visible(trained: output, in: &network)
    let mask = presence.map { [$0] } ?? []
    func judge(
      _ error: ReconstructionError, _ factor: Double, _ operands: [TensorID]
    ) throws(GraphError) -> TensorID {
      let op = ExampleLoss(error, factor: factor, isMasked: masked)
      return try network.graph.add(.exampleLoss(op), operands + mask)[0]
    }
    let scale = LossScale(loss.reduction, presentShare: masked ? batch.presentShare : nil)
    let factor = loss.reduction == .mean ? scale.factor(of: Shape([1] + input.dimensions)) : 1
    var outputs = [
      "reconstructionError": try judge(trainedError, factor, [output, x]),
      "squaredError": try judge(
        .squaredError, 1 / Double(max(input.count, 1)), [reconstruction, original]),
      "original": original, "reconstruction": reconstruction, "code": code.mean,
    ]
    outputs["logVariance"] = code.logVariance
    outputs["presence"] = presence
    return StepGraph(
      graph: network.graph, inputs: inputs(of: network.graph), outputs: outputs)
  }

  /// Importance weights of several codes drawn for each example of a variational model, for its
  /// bounds on the log-likelihood (Burda et al. 2015): the mean of the log-weights of an example is
  /// an estimate of the evidence lower bound, and `LogMeanExp` of them the importance-weighted bound.
  ///
  /// Draw `d` of the example in row `i` of the feed follows from the seed, `i` and `d` alone. This
  /// step makes draws `s` to `s + drawCount − 1`, with `s` the step that the feed was begun with, of
  /// examples `row · stride` on: so many launches may each make a part of the draws, of some of the
  /// examples. Nothing is counted up.
  ///
  /// Outputs, for the `N` examples of `batch`; result `n · drawCount + j` is draw `s + j` of example
  /// `n`:
  /// - `logWeights` `[N · drawCount]`: `log p(x|z) + log p(z) − log q(z|x)` in nats, with `log p(x|z)`
  ///   the negative sum of the trained errors over an example's values, whatever the loss's reduction:
  ///   for cross-entropy the logarithm of Bernoulli probabilities, for a squared error that of
  ///   normal densities of variance ½ but for their constant.
  /// - `reconstructionError` `[N · drawCount]`: that sum of errors, `−log p(x|z)`.
  /// - `code`, `logVariance` `[N, L]`: mean and log-variance of `q(z|x)`.
  /// - Precondition: the model is variational.
  package func boundStep(
    _ batch: BatchSource, drawCount: Int
  ) throws(GraphError) -> StepGraph {
    var network = NetworkBuilder(.evaluation, batch)
    let x = try gather(batch, in: &network)
    let presence = try presence(batch, in: &network)
    let code = try encode(corruption?.corrupt(x, in: &network) ?? x, in: &network)
    guard let logVariance = code.logVariance else {
      preconditionFailure("only a variational model has a bound")
    }
    let shape = network.graph.shape(code.mean)
    let normal = Normal(
      [shape[0] * drawCount, shape[1]], stream: RandomStream.importance.rawValue, feed: batch.feed,
      numbering: .draws(count: drawCount, stride: batch.stride))
    let epsilon = try network.graph.add(.normal(normal), [])[0]
    let sample = try network.graph.add(
      .importanceSample(ImportanceSample(drawCount: drawCount)),
      [code.mean, logVariance, epsilon])
    let output = try network.build(trainedDecoder, sample[0], part: "decoder")
    let loss = ExampleLoss(trainedError, drawCount: drawCount, isMasked: masked)
    let error = try network.graph.add(
      .exampleLoss(loss), [output, x] + (presence.map { [$0] } ?? []))[0]
    let likelihood = try network.scaled(error, by: -1)
    let weights = try network.graph.add(.add(Add()), [sample[1], likelihood])[0]
    return StepGraph(
      graph: network.graph, inputs: inputs(of: network.graph),
      outputs: [
        "logWeights": weights, "reconstructionError": error, "code": code.mean,
        "logVariance": logVariance,
      ])
  }
}
