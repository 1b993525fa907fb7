import struct Datasets.DataOptions
import Graphs
import Layers

extension Recipe {
  /// Reads a recipe's fields; the defaults of missing fields are here.
  /// - Parameter draft: whether to ignore the network's sizes, which may follow the data.
  init(_ field: FieldReader, draft: Bool = false) throws(RecipeError) {
    try field.allow(
      "name", "data", "input", "classes", "normalization", "corruption", "initializer",
      "biasInitializer",
      "encoder", "latent", "decoder", "loss", "optimizer", "schedule", "clipping", "batchSize",
      "epochs", "seed", "shuffle", "limit", "validation", "earlyStopping", "pictures",
      "checkpoints", "freeze", "prior", "parts", "phases")
    name = try field.required("name").string()
    (data, dataOptions) = try DataOptions.read(field.optional("data"))
    preparation = try field.optional("normalization")?.choice(Preparation.self) ?? .unit
    model = try Model(
      field, normalization: preparation.normalization, input: draft ? Shape([1]) : nil)
    model.masked = dataOptions.missing == .mask
    (optimizer, learningRate) = try Optimizer.read(field.required("optimizer"))
    schedule = try field.optional("schedule").map(LearningRateSchedule.init) ?? .constant
    clipping = try field.optional("clipping").map(GradientClipping.init) ?? .none
    model.phases = try Phase.read(
      field.optional("phases"), model.parts,
      Updating(optimizer, learningRate: learningRate, clipping: clipping))
    if !model.hasDivergence,
      model.phases.contains(where: { $0.minimises.contains(.divergence) })
    {
      throw try field.required("phases").error(
        "kl only with latent: {variational: …}; this code has no divergence")
    }
    batchSize = try field.required("batchSize").integer(from: 1)
    epochs = try field.required("epochs").integer(from: 1)
    seed = UInt64(try field.optional("seed")?.integer(from: 0, to: .max) ?? 1)
    shuffle = try field.optional("shuffle")?.bool() ?? true
    limit = try field.optional("limit")?.integer(from: 1)
    validation = try field.optional("validation").map(Validation.init) ?? .test
    earlyStopping = try field.optional("earlyStopping").map(EarlyStopping.init)
    pictures = try Pictures(field.optional("pictures"), corrupts: model.corruption != nil)
    checkpoints = try Checkpoints(field.optional("checkpoints"))
    model.frozen = try field.optional("freeze")?.parts() ?? []
    if let first = model.phases.first?.updating {
      (optimizer, learningRate, clipping) = (first.optimizer, first.learningRate, first.clipping)
    }
    if !draft { try model.check(field) }
  }
}

extension Recipe.Validation {
  private static let expected =
    "test, none, a fraction between 0 and 1, {last: fraction}, or a data set's name or path"

  fileprivate init(_ field: FieldReader) throws(RecipeError) {
    if case .mapping = field.node {
      try field.allow("last")
      self = .last(try Self.fraction(field.required("last"), "a fraction between 0 and 1"))
      return
    }
    let text = try field.string()
    switch text {
    case "test": self = .test
    case "none": self = .none
    default:
      self =
        field.node.float == nil ? .data(text) : .fraction(try Self.fraction(field, Self.expected))
    }
  }

  private static func fraction(_ field: FieldReader, _ expected: String) throws(RecipeError)
    -> Double
  {
    guard let fraction = field.node.float, fraction > 0, fraction < 1 else {
      throw field.error(expected)
    }
    return fraction
  }
}

extension Recipe.EarlyStopping {
  fileprivate init(_ field: FieldReader) throws(RecipeError) {
    try field.allow("patience", "minimumDelta")
    patience = try field.required("patience").integer(from: 1)
    minimumDelta = try field.optional("minimumDelta")?.amount() ?? 0
  }
}

extension Recipe.Pictures {
  /// - Parameter corrupts: whether the model has noisy images to show.
  fileprivate init(_ field: FieldReader?, corrupts: Bool) throws(RecipeError) {
    try field?.allow("every", "reconstructions", "samples", "style", "corruption")
    every = try field?.optional("every")?.integer(from: 1)
    let most = Self.mostImages
    reconstructions = try field?.optional("reconstructions")?.integer(from: 0, to: most) ?? 100
    samples = try field?.optional("samples")?.integer(from: 0, to: most) ?? 0
    let style = try field?.optional("style")
    self.style = try style?.choice(Style.self) ?? .pairs
    corruption = try field?.optional("corruption").map(Corruption.init)
    if let style, self.style == .noisy, !corrupts, corruption == nil {
      throw .field(
        source: style.source, line: style.line, path: style.path,
        expected: "another style, or the field corruption", received: "noisy")
    }
  }
}

extension Recipe.Checkpoints {
  fileprivate init(_ field: FieldReader?) throws(RecipeError) {
    try field?.allow("every", "steps", "keep")
    every = try field?.optional("every")?.integer(from: 1) ?? 1
    steps = try field?.optional("steps")?.integer(from: 1)
    keep = try field?.optional("keep")?.integer(from: 0) ?? 3
  }
}

extension FieldReader {
  /// A list of parts of the network, but not of all of them.
  fileprivate func parts() throws(RecipeError) -> [NetworkPart] {
    var parts: [NetworkPart] = []
    for item in try list() { parts.append(try item.choice(NetworkPart.self)) }
    guard Set(parts).count < NetworkPart.allCases.count else {
      throw error("at most one part, so that the other is trained")
    }
    return parts
  }
}
