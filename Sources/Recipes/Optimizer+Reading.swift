import Graphs
import Layers

extension Optimizer {
  private enum Kind: String, CaseIterable { case adam, adamW, rmsProp, sgd }

  static func read(
    _ field: FieldReader
  ) throws(RecipeError) -> (optimizer: Optimizer, learningRate: Double) {
    let (kind, settings) = try field.variant(of: Kind.self)
    let learningRate = try settings.required("learningRate").amount()
    switch kind {
    case .adam:
      try settings.allow("learningRate", "beta1", "beta2", "epsilon")
      let (beta1, beta2, epsilon) = try settings.adam()
      return (.adam(beta1: beta1, beta2: beta2, epsilon: epsilon), learningRate)
    case .adamW:
      try settings.allow("learningRate", "beta1", "beta2", "epsilon", "decay")
      let (beta1, beta2, epsilon) = try settings.adam()
      let decay = try settings.optional("decay")?.amount() ?? 0.01
      return (.adamW(beta1: beta1, beta2: beta2, epsilon: epsilon, decay: decay), learningRate)
    case .rmsProp:
      try settings.allow("learningRate", "rho", "momentum", "epsilon")
      let optimizer = Optimizer.rmsProp(
        rho: try settings.optional("rho")?.share() ?? 0.9,
        momentum: try settings.optional("momentum")?.share() ?? 0,
        epsilon: try settings.epsilon() ?? 1e-7)
      return (optimizer, learningRate)
    case .sgd:
      try settings.allow("learningRate", "momentum", "nesterov")
      let momentum = try settings.optional("momentum")?.share() ?? 0
      let nesterov = try settings.optional("nesterov")?.bool() ?? false
      return (.sgd(momentum: momentum, nesterov: nesterov), learningRate)
    }
  }
}

extension FieldReader {
  fileprivate func adam() throws(RecipeError) -> (beta1: Double, beta2: Double, epsilon: Double) {
    (
      try optional("beta1")?.share() ?? 0.9, try optional("beta2")?.share() ?? 0.999,
      try epsilon() ?? 1e-8
    )
  }

  fileprivate func epsilon() throws(RecipeError) -> Double? {
    try optional("epsilon")?
      .number(Double.leastNormalMagnitude...1, "a number above 0, at most 1")
  }
}

extension GradientClipping {
  private enum Kind: String, CaseIterable { case norm, value }

  /// `{norm: 1}` or `{value: 0.5}`.
  init(_ field: FieldReader) throws(RecipeError) {
    let (kind, limit) = try field.variant(of: Kind.self)
    switch kind {
    case .norm: self = .norm(try limit.positive())
    case .value: self = .value(try limit.positive())
    }
  }
}

extension LearningRateSchedule {
  private enum Kind: String, CaseIterable { case constant, step, exponential, cosine }

  init(_ field: FieldReader) throws(RecipeError) {
    try field.allow("warmUp", "decay")
    let warmUp = try field.optional("warmUp")?.amount() ?? 0
    guard let (kind, settings) = try field.optional("decay")?.variant(of: Kind.self) else {
      self.init(.constant, warmUp: warmUp)
      return
    }
    let decay: Decay
    switch kind {
    case .constant:
      try settings.allow([])
      decay = .constant
    case .step:
      try settings.allow("epochs", "factor")
      decay = .step(
        epochs: try settings.required("epochs").positive(),
        factor: try settings.required("factor").positive())
    case .exponential:
      try settings.allow("epochs", "factor")
      decay = .exponential(
        epochs: try settings.required("epochs").positive(),
        factor: try settings.required("factor").positive())
    case .cosine:
      try settings.allow("epochs", "floor")
      decay = .cosine(
        epochs: try settings.required("epochs").positive(),
        floor: try settings.optional("floor")?.number(0...1, "a number from 0 to 1") ?? 0)
    }
    self.init(decay, warmUp: warmUp)
  }
}
