import Graphs
import Randoms

/// Evaluation of single examples.
extension Model {
  /// The reconstruction error of each example: a variational model decodes the mean of the code; a
  /// denoising model gets the corrupted example.
  ///
  /// Outputs, for the `N` examples of `batch`:
  /// - `reconstructionError` `[N]`: the training error of each example: the sum over its values, or
  ///   their mean if the loss is a mean. The loss of a batch is the mean of these, or their sum if
  ///   the loss is a sum. For a masked model, only over values that are not missing: a mean is the
  ///   sum divided by the number of all values times `batch.presentShare`, as in training.
  /// - `squaredError` `[N]`: the mean over an example's values of the squared difference between
  ///   `original` and `reconstruction`; for a masked model, the sum over values that are not
  ///   missing, divided by the number of all values.
  /// - `original`, `reconstruction` `[N] + input`: on the scale of the data.
  /// - `code` `[N] + codeShape`; for a variational model the mean, and also `logVariance` `[N, L]`.
  ///   The divergence of unit `u` is `½ (μ² + eˢ − 1 − s)` nats.
  /// - `presence` `[N] + input` for a masked model: 1 for a value, 0 for a missing one.
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
  /// Draw `d` of the example in row `i` of the feed depends only on the seed, `i` and `d`. This
  /// step makes draws `s` to `s + drawCount − 1`, where `s` is the step at which the feed was
  /// begun, for the examples from `row · stride` on. So several launches can compute different
  /// draws and examples. No counter is incremented.
  ///
  /// Outputs, for the `N` examples of `batch`; result `n · drawCount + j` is draw `s + j` of example
  /// `n`:
  /// - `logWeights` `[N · drawCount]`: `log p(x|z) + log p(z) − log q(z|x)` in nats. `log p(x|z)`
  ///   is the negative sum of the training errors over an example's values, whatever the loss's
  ///   reduction: for cross-entropy the log-probability of Bernoulli distributions, for a squared
  ///   error that of normal distributions with variance ½, up to a constant.
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
