import Analyses
import Datasets
import Training

extension Autoencoder {
  /// The codes of examples, `[N] + codeShape`; of a variational model their means.
  ///
  /// - Parameter data: examples of `exampleShape`.
  /// - Throws: where they are of another shape, or the device fails.
  public func encode(_ data: Dataset) throws(AutoencoderError) -> Values {
    try telling {
      let model = try model(shown: shown(data).examples)
      var codes: [Float] = []
      try model.encode(outputs: ["code"]) { codes += $1["code"]! }
      return Values(whole: codes, shape: codeShape)
    }
  }

  /// What the decoder makes of codes: examples `[N] + exampleShape` on the scale of the data; of
  /// bytes 0 to 255.
  ///
  /// - Parameter codes: `[N] + codeShape`.
  /// - Throws: where codes are of another size, the model is told classes, or the device fails.
  public func decode(_ codes: Values) throws(AutoencoderError) -> Values {
    guard codes.values.count % codeSize == 0 else {
      throw AutoencoderError(
        "expected codes of \(codeSize) numbers, as this model's are, received \(codes.values.count) "
          + "values")
    }
    return try telling { try decoded(codes.values) }
  }

  /// Examples encoded and decoded again: `[N] + exampleShape` on the scale of the data.
  public func reconstruct(_ data: Dataset) throws(AutoencoderError) -> Values {
    try telling {
      let model = try model(shown: shown(data).examples)
      var made: [Float] = []
      try model.reconstruct(outputs: ["reconstruction"]) { made += $1["reconstruction"]! }
      return looked(made)
    }
  }

  /// How badly each example is reconstructed: the mean over its features of the squared error, as the
  /// network sees them. Higher is worse.
  ///
  /// - Returns: `[N]`, in the order of the data.
  public func errors(_ data: Dataset) throws(AutoencoderError) -> [Double] {
    try telling {
      try model(shown: shown(data).examples).scores(of: .validation, worstCount: 0).map(\.score)
    }
  }

  /// The losses of examples, as training reports those of its validation.
  public func losses(_ data: Dataset) throws(AutoencoderError) -> Losses {
    try telling { Losses(try model(shown: shown(data).examples).losses()) }
  }

  /// New examples, made of codes that are drawn from the model's prior; where it has none, from a
  /// mixture of Gaussians fitted to the codes of examples.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - seed: the same always gives the same; `nil`: the recipe's.
  ///   - temperature: what deviations are multiplied by: below 1 for more usual examples.
  ///   - examples: what the mixture is fitted to, such as those that trained.
  /// - Returns: `[count] + exampleShape` on the scale of the data.
  /// - Throws: where the model has no prior and no examples are given; of a model with a codebook.
  public func sample(
    _ count: Int, seed: UInt64? = nil, temperature: Double = 1, like examples: Dataset? = nil
  ) throws(AutoencoderError) -> Values {
    guard count > 0 else {
      throw AutoencoderError("expected a number of samples from 1, received \(count)")
    }
    let seed = seed ?? content.recipe.seed
    let model = content.recipe.model
    guard model.codebook == nil else {
      throw AutoencoderError(
        "expected a model whose codes can be drawn one by one, received one with a codebook")
    }
    if model.followsPrior, examples == nil {
      return try telling {
        try decoded(
          model.priorCodes(count: count, units: codeSize, seed: seed, temperature: temperature))
      }
    }
    guard let examples else {
      throw AutoencoderError(
        "expected examples whose codes tell where codes lie, received none; a variational model needs "
          + "none")
    }
    let codes = try encode(examples).values
    return try telling {
      let prior = try CodePrior(
        fittedTo: codes, units: codeSize, components: min(10, examples.count), seed: seed)
      return try decoded(prior.sample(count: count, seed: seed, temperature: temperature))
    }
  }

  private var codeSize: Int { codeShape.reduce(1, *) }

  private var preparation: ExamplePreparation { ExamplePreparation(content.recipe, content.data) }

  private func shown(_ data: Dataset) throws -> ShownExamples {
    guard data.shape == exampleShape else {
      throw AutoencoderError(
        "\(data.name): expected examples of shape \(exampleShape), received \(data.shape)")
    }
    return try preparation.examples(of: data.content, .train)
  }

  private func model(shown: Examples? = nil) throws -> TrainedModel {
    try TrainedModel(content.recipe, content.weights, content.data, shown: shown, on: backend)
  }

  private func decoded(_ codes: [Float]) throws -> Values {
    guard content.recipe.model.classes == nil else {
      throw AutoencoderError(
        "expected a model that is not told classes, received a conditional one")
    }
    var made: [Float] = []
    try model().decode(codes) { made += $0 }
    return looked(made)
  }

  /// On the scale of the data.
  private func looked(_ made: [Float]) -> Values {
    Values(whole: preparation.restored(made), shape: exampleShape)
  }
}
