import Graphs
import Layers

extension Recipe {
  /// Reads a recipe's fields; what is not given takes the default that stands here.
  init(_ field: FieldReader) throws(RecipeError) {
    try field.allow(
      "name", "data", "input", "encoder", "latent", "decoder", "loss", "optimizer", "batchSize",
      "epochs", "seed", "shuffle", "limit", "validation", "pictures", "checkpoints")
    name = try field.required("name").string()
    data = try field.required("data").string()
    model = try Model(field)
    (optimizer, learningRate) = try Optimizer.read(field.required("optimizer"))
    batchSize = try field.required("batchSize").integer(from: 1)
    epochs = try field.required("epochs").integer(from: 1)
    seed = UInt64(try field.optional("seed")?.integer(from: 0, to: .max) ?? 1)
    shuffle = try field.optional("shuffle")?.bool() ?? true
    limit = try field.optional("limit")?.integer(from: 1)
    validation = try field.optional("validation").map(Validation.init) ?? .test
    pictures = try Pictures(field.optional("pictures"))
    checkpoints = try Checkpoints(field.optional("checkpoints"))
    // A network that does not fit together is an error of the file, too.
    do {
      _ = try model.parameters()
    } catch {
      throw .field(
        source: field.source, line: nil, path: "network", expected: "layers that fit together",
        received: error.description)
    }
  }
}

extension Recipe.Validation {
  fileprivate init(_ field: FieldReader) throws(RecipeError) {
    let text = try field.string()
    switch text {
    case "test": self = .test
    case "none": self = .none
    default:
      guard let fraction = field.node.float else {
        self = .data(text)
        return
      }
      guard fraction > 0, fraction < 1 else {
        throw field.error("test, none, a fraction between 0 and 1, or a data set's name or path")
      }
      self = .fraction(fraction)
    }
  }
}

extension Recipe.Pictures {
  fileprivate init(_ field: FieldReader?) throws(RecipeError) {
    try field?.allow("every", "reconstructions", "samples")
    every = try field?.optional("every")?.integer(from: 1) ?? 1
    reconstructions = try field?.optional("reconstructions")?.integer(from: 0) ?? 100
    samples = try field?.optional("samples")?.integer(from: 0) ?? 0
  }
}

extension Recipe.Checkpoints {
  fileprivate init(_ field: FieldReader?) throws(RecipeError) {
    try field?.allow("every", "keep")
    every = try field?.optional("every")?.integer(from: 1) ?? 1
    keep = try field?.optional("keep")?.integer(from: 0) ?? 3
  }
}

extension Optimizer {
  fileprivate static func read(
    _ field: FieldReader
  ) throws(RecipeError) -> (Optimizer, learningRate: Double) {
    let (name, settings) = try field.variant(["adam", "sgd"])
    let share = "a number from 0 to below 1"
    let below1 = 0...(1.0).nextDown
    let learningRate = try settings.required("learningRate").number(0...1e6, "a number from 0")
    if name == "sgd" {
      try settings.allow("learningRate", "momentum", "nesterov")
      let momentum = try settings.optional("momentum")?.number(below1, share) ?? 0
      let nesterov = try settings.optional("nesterov")?.bool() ?? false
      return (.sgd(momentum: momentum, nesterov: nesterov), learningRate)
    }
    try settings.allow("learningRate", "beta1", "beta2", "epsilon")
    let adam = Optimizer.adam(
      beta1: try settings.optional("beta1")?.number(below1, share) ?? 0.9,
      beta2: try settings.optional("beta2")?.number(below1, share) ?? 0.999,
      epsilon: try settings.optional("epsilon")?
        .number(Double.leastNormalMagnitude...1, "a number above 0, at most 1") ?? 1e-8)
    return (adam, learningRate)
  }
}
