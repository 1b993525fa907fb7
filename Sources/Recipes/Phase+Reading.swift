import Graphs
import Layers

extension Part {
  /// The field `parts`, in the order of their parameters.
  static func read(
    _ field: FieldReader?, _ defaults: LayerDefaults
  ) throws(RecipeError) -> [Part] {
    guard let field else { return [] }
    var parts: [Part] = []
    for item in try field.list() { parts.append(try Part(item, after: parts, defaults)) }
    return parts
  }

  /// Names of parameters and losses that every model has.
  private static let reserved =
    NetworkPart.allCases.map(\.rawValue) + ModelTensor.allCases.map(\.rawValue)
    + ["mean", "logVariance", "moment", "best", "loss"]

  private init(
    _ field: FieldReader, after earlier: [Part], _ defaults: LayerDefaults
  ) throws(RecipeError) {
    try field.allow("name", "reads", "layers", "shares")
    let name = try field.required("name")
    let text = try name.string()
    let taken = Self.reserved + earlier.map(\.name)
    guard text.allSatisfy(\.isLetter), !taken.contains(text) else {
      throw name.error("a name of letters, different from \(taken.joined(separator: ", "))")
    }
    let tensors = ModelTensor.allCases.map(\.rawValue) + earlier.map(\.name)
    let reads = try field.required("reads").items { item throws(RecipeError) in
      guard let tensor = item.node.scalar?.string, tensors.contains(tensor) else {
        throw item.error("one of " + tensors.joined(separator: ", "))
      }
      return tensor
    }
    guard let shares = try field.optional("shares") else {
      self.init(
        name: text, reads: reads, layers: try Layer.read(field.required("layers"), defaults))
      return
    }
    if let layers = try field.optional("layers") {
      throw layers.error("no layers, as it shares those of another part")
    }
    let owners = [NetworkPart.decoder.rawValue] + earlier.filter { $0.shares == nil }.map(\.name)
    guard let owner = shares.node.scalar?.string, owners.contains(owner) else {
      throw shares.error("one of " + owners.joined(separator: ", "))
    }
    self.init(name: text, reads: reads, shares: owner)
  }
}

extension Phase {
  /// The field `phases`.
  /// - Parameter updating: the recipe's optimizer, for a phase without its own.
  static func read(
    _ field: FieldReader?, _ parts: [Part], _ updating: Updating
  ) throws(RecipeError) -> [Phase] {
    guard let field else { return [] }
    var phases: [Phase] = []
    for item in try field.list() {
      let phase = try Phase(item, parts, updating, after: phases.map(\.name))
      guard !phases.contains(where: { $0.name == phase.name }) else {
        throw try item.required("name").error("a name that no other phase has")
      }
      phases.append(phase)
    }
    guard !phases.isEmpty else { throw field.error("one or more") }
    return phases
  }

  private init(
    _ field: FieldReader, _ parts: [Part], _ updating: Updating, after earlier: [String]
  ) throws(RecipeError) {
    try field.allow("name", "minimise", "moves", "optimizer", "clipping", "when")
    let name = try field.required("name").string()
    guard name.allSatisfy(\.isLetter) else {
      throw try field.required("name").error("a name of letters")
    }
    var goals: [Goal] = []
    for goal in try field.required("minimise").list() {
      switch goal.node.scalar?.string {
      case "loss": goals.append(.loss)
      case "kl": goals.append(.divergence)
      default: goals.append(.term(try Term(goal, parts)))
      }
    }
    let known =
      NetworkPart.allCases.map(\.rawValue) + parts.filter { $0.shares == nil }.map(\.name)
    var moves: [String] = []
    for part in try field.required("moves").list() {
      guard let name = part.node.scalar?.string, known.contains(name) else {
        throw part.error("one of " + known.joined(separator: ", "))
      }
      moves.append(name)
    }
    guard !goals.isEmpty, !moves.isEmpty else {
      throw field.error("at least one term to minimise and one part to update")
    }
    var updating = updating
    if let optimizer = try field.optional("optimizer") {
      (updating.optimizer, updating.learningRate) = try Optimizer.read(optimizer)
    }
    if let clipping = try field.optional("clipping") {
      updating.clipping = try GradientClipping(clipping)
    }
    self.init(
      name: name, minimises: goals, moves: moves, updating: updating,
      condition: try field.optional("when").map { field throws(RecipeError) in
        try Condition(field, phases: earlier + [name])
      })
  }
}

extension Phase.Condition {
  /// `{phase: critic, above: 0.3}`
  fileprivate init(_ field: FieldReader, phases: [String]) throws(RecipeError) {
    try field.allow("phase", "above", "below")
    let phase = try field.required("phase")
    guard let name = phase.node.scalar?.string, phases.contains(name) else {
      throw phase.error("this phase or an earlier one: one of " + phases.joined(separator: ", "))
    }
    self.init(
      phase: name, above: try field.optional("above")?.number(-1e30...1e30, "a number"),
      below: try field.optional("below")?.number(-1e30...1e30, "a number"))
    guard above != nil || below != nil else { throw field.error("above, below or both") }
  }
}

extension Term {
  /// `{squaredError: {of: critic, against: 1}}` or `{mmd: {of: code, against: prior}}`
  fileprivate init(_ field: FieldReader, _ parts: [Part]) throws(RecipeError) {
    let (kind, settings) = try field.variant(ReconstructionError.allCases.map(\.rawValue) + ["mmd"])
    let error = ReconstructionError(rawValue: kind)
    try settings.allow(
      ["of", "against", "weight"] + (error == nil ? ["kernel"] : []))
    let known = ModelTensor.allCases.map(\.rawValue) + parts.map(\.name)
    func tensor(_ field: FieldReader, or: String = "") throws(RecipeError) -> String {
      guard let name = field.node.scalar?.string, known.contains(name) else {
        throw field.error("one of " + known.joined(separator: ", ") + or)
      }
      return name
    }
    let against = try settings.required("against")
    let weight = try settings.optional("weight")?.ramp(-1e6...1e6, "a number") ?? 1
    guard let error else {
      self.init(
        try settings.optional("kernel")?.choice(DiscrepancyKernel.self) ?? .gaussian,
        of: try tensor(settings.required("of")), against: try tensor(against), weight: weight)
      return
    }
    let target: Target
    if let value = against.node.float {
      target = .value(value)
    } else {
      target = .tensor(try tensor(against, or: ", or a number"))
    }
    self.init(
      error, of: try tensor(settings.required("of")), against: target, weight: weight)
  }
}
