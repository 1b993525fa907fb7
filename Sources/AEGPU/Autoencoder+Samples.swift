import Analyses
import Datasets
import Layers
import Training

extension Autoencoder {
  /// New examples, decoded from codes of the model's prior or, for a model without a prior, from
  /// codes of a mixture of Gaussians that is fitted to the codes of examples.
  ///
  /// - Parameters:
  ///   - count: the number of samples.
  ///   - seed: the random seed; the same seed gives the same samples; `nil`: the recipe's.
  ///   - temperature: factor for the standard deviation of the codes; below 1 gives more typical
  ///     samples.
  ///   - label: for a conditional model, the class of all samples; `nil`: each class in turn.
  ///   - examples: the examples for the mixture, such as the training examples.
  ///   - components: the number of Gaussians in the mixture.
  /// - Returns: `[count] + exampleShape` on the scale of the data.
  /// - Throws: if the model has no prior and no examples are given; for a model with a codebook.
  public func sample(
    _ count: Int, seed: UInt64? = nil, temperature: Double = 1, label: Int? = nil,
    like examples: Dataset? = nil, components: Int = 10
  ) throws(AutoencoderError) -> Values {
    guard count > 0, components > 0 else {
      throw AutoencoderError(
        "expected numbers of samples and components from 1, received \(count) and \(components)")
    }
    let seed = seed ?? content.recipe.seed
    guard content.recipe.model.codebook == nil else {
      throw AutoencoderError(
        "expected a model without a codebook, received one with a codebook")
    }
    let codes: [Float]
    if content.recipe.model.followsPrior, examples == nil {
      codes = priorCodes(count: count, seed: seed, temperature: temperature)
    } else {
      guard let examples else {
        throw AutoencoderError(
          "expected examples for the code distribution of a model without a prior, received none; a "
            + "variational model needs none")
      }
      let known = try encode(examples).values
      codes = try telling {
        try fittedPrior(to: known, components: min(components, examples.count), seed: seed)
          .sample(count: count, seed: seed, temperature: temperature)
      }
    }
    let classes = content.recipe.model.classes
    let labels = classes.map { classes in (0..<count).map { label ?? $0 % classes } }
    guard label == nil || classes != nil else {
      throw AutoencoderError("expected no label for a model that is not conditional")
    }
    return try telling { try decoded(codes, labels) }
  }

  /// `[count, codeSize]`, drawn from the model's prior.
  package func priorCodes(count: Int, seed: UInt64, temperature: Double) -> [Float] {
    content.recipe.model.priorCodes(
      count: count, units: codeSize, seed: seed, temperature: temperature)
  }

  /// A mixture fitted to codes `[N, codeSize]`.
  package func fittedPrior(
    to codes: [Float], components: Int, seed: UInt64
  ) throws -> CodePrior {
    try CodePrior(fittedTo: codes, units: codeSize, components: components, seed: seed)
  }

  /// The codes of training examples, taken evenly over the data, which may be sorted.
  /// - Parameter label: only examples with this label.
  package func codesOfTraining(label: String?) throws -> [Float] {
    var training = try training()
    if let label {
      let labels = training.examples.labels ?? []
      let chosen = try AnomalousLabel.named(label).find(in: labels, names: training.labelNames)
      training.examples = training.examples.rows(labels.indices.filter { chosen!.isAnomalous[$0] })
    }
    let total = training.examples.count
    let kept = min(total, CodePrior.largestCount)
    if kept < total {
      training.examples = training.examples.rows((0..<kept).map { $0 * total / kept })
    }
    var codes: [Float] = []
    try model(shown: training.examples).encode { codes += $1["code"]! }
    return codes
  }
}
