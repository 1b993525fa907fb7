import Graphs
import Layers

extension Model {
  /// Reads the fields of a recipe that describe the network.
  /// - Parameter input: the shape of an input that follows the data; `nil`: such an input is an
  ///   error.
  init(
    _ field: FieldReader, normalization: Normalization, input standIn: Shape?
  ) throws(RecipeError) {
    let input: Shape
    if RecipeDocument.followsData(field) {
      guard let standIn else {
        throw .field(
          source: field.source, line: nil, path: "input",
          expected: "the data's shape, as input is left out",
          received: "no data; name them with --data, or set input")
      }
      input = standIn
    } else {
      input = Shape(try field.required("input").sizes())
    }
    let defaults = try LayerDefaults(field, input: input)
    self.init(
      input: input, normalization: normalization,
      corruption: try field.optional("corruption").map(Corruption.init),
      encoder: try Layer.read(field.required("encoder"), defaults),
      latent: try field.optional("latent").map { field throws(RecipeError) in
        try Latent(field, defaults)
      } ?? .deterministic,
      decoder: try Layer.read(field.required("decoder"), defaults),
      loss: try Loss(field.required("loss")))
    prior = try field.optional("prior").flatMap { field throws(RecipeError) in
      try PriorShape(rawValue: field.choice(Prior.self).rawValue)
    }
    classes = try field.optional("classes")?.integer(from: 1)
    parts = try Part.read(field.optional("parts"), defaults)
  }

  /// The prior of the codes, by its name in a recipe.
  package enum Prior: String, CaseIterable {
    case normal, mixture, swissRoll
  }

  /// Throws if layers and loss do not fit together; the error has the line of the field at fault.
  func check(_ field: FieldReader) throws(RecipeError) {
    if let sparsity = try field.required("loss").optional("sparsity"), codeActivation != .sigmoid {
      throw sparsity.error(
        "an encoder that ends with a sigmoid, whose mean activation the sparsity penalty controls",
        received: "one that ends with \(codeActivation?.rawValue ?? "another layer")")
    }
    for name in ["klCapacity", "freeBits"] where !hasDivergence && drawCount == 1 {
      if let setting = try field.required("loss").optional(name), setting.node.float != 0 {
        throw setting.error("latent: {variational: …}, as it weighs the KL divergence")
      }
    }
    try checkSamples(field)
    if let classes = try field.optional("classes"), !readsLabel {
      throw classes.error(
        "a layer that reads the class (concatenate: label); without one, leave this field out")
    }
    for (part, layers) in [("encoder", encoder), ("decoder", decoder)] {
      guard let index = layers.sparsePenaltyWithoutSigmoid else { continue }
      let layer = try field.required(part).list()[index]
      throw layer.error(
        "a sigmoid layer before it, whose mean activation the sparsity penalty controls")
    }
    if loss.reconstruction == .binaryCrossEntropy, let index = unboundedIndex {
      let layer = try field.required("decoder").list()[index]
      throw layer.error(
        "an output from 0 to 1 for loss.reconstruction binaryCrossEntropy, such as activation: "
          + "sigmoid (for activation identity use binaryCrossEntropyWithLogits)",
        received: decoder[index].activation?.rawValue ?? decoder[index].name)
    }
    do {
      _ = try parameters()
    } catch .layer(let part, let index, let reason) {
      let holder = try layersField(of: part, in: field)
      let layers = try holder.list()
      throw (layers.indices.contains(index) ? layers[index] : holder).error(reason)
    } catch {
      throw field.error(error)
    }
    try checkNames(field)
  }

  /// The field with the layers of the encoder, the decoder or another part.
  func layersField(of part: String, in field: FieldReader) throws(RecipeError) -> FieldReader {
    guard let index = parts.firstIndex(where: { $0.name == part }) else {
      return try field.required(part)
    }
    return try field.required("parts").list()[index].required("layers")
  }
}

extension Model {
  /// Throws if the bound of several codes per example is combined with something that it excludes.
  private func checkSamples(_ field: FieldReader) throws(RecipeError) {
    guard drawCount > 1 else { return }
    let reader = try field.required("loss")
    let beside = " with latent.variational.samples above 1, whose bound "
    guard loss.reduction != .mean else {
      throw .field(
        source: reader.source, line: reader.line, path: "loss.reduction",
        expected: "batchMean or sum" + beside + "sums the errors of an example", received: "mean")
    }
    if let weight = try reader.optional("klWeight"), loss.klWeight != 1 {
      throw weight.error("1" + beside + "has no separate divergence")
    }
    for name in ["klCapacity", "freeBits"] {
      if let setting = try reader.optional(name), setting.node.float != 0 {
        throw setting.error("none" + beside + "has no separate divergence")
      }
    }
    for other in [
      try reader.optional("mmd"), try field.optional("parts"), try field.optional("phases"),
    ] {
      if let other { throw other.error("none" + beside + "is the only training objective") }
    }
  }
}

extension FieldReader {
  /// A shape error of the graph as an error of this field.
  func error(_ reason: GraphError) -> RecipeError {
    guard case .operands(let op, let expected, let received) = reason else {
      return error("layers whose shapes fit together", received: reason.description)
    }
    return error(
      "\(expected) for \(op)", received: received.map(\.description).joined(separator: ", "))
  }
}

extension Corruption {
  private enum Kind: String, CaseIterable { case gaussian, masking }

  init(_ field: FieldReader) throws(RecipeError) {
    let (kind, settings) = try field.variant(of: Kind.self)
    switch kind {
    case .gaussian:
      try settings.allow("mean", "deviation", "clip")
      self = .gaussian(
        mean: try settings.optional("mean")?.number(-1e6...1e6, "a number") ?? 0,
        deviation: try settings.required("deviation").ramp(),
        clip: try settings.optional("clip")?.bool() ?? true)
    case .masking:
      try settings.allow("rate")
      self = .masking(rate: try settings.required("rate").share())
    }
  }
}

extension Latent {
  fileprivate init(_ field: FieldReader, _ defaults: LayerDefaults) throws(RecipeError) {
    let (kind, settings) = try field.variant(of: Kind.self)
    switch kind {
    case .variational:
      try settings.allow("units", "samples", "initializer", "biasInitializer")
      self = .variational(
        units: try settings.required("units").integer(from: 1),
        samples: try settings.optional("samples")?.integer(from: 1) ?? 1,
        initializer: try settings.initializer("initializer") ?? defaults.initializer,
        biasInitializer: try settings.initializer("biasInitializer") ?? defaults.biasInitializer)
    case .codebook: self = .codebook(try Codebook(settings))
    }
  }

  private enum Kind: String, CaseIterable { case variational, codebook }
}

extension Codebook {
  fileprivate init(_ field: FieldReader) throws(RecipeError) {
    try field.allow("codes", "commitment", "decay", "epsilon", "restart")
    self.init(codes: try field.required("codes").integer(from: 1, to: Nearest.largestCount))
    if let value = try field.optional("commitment") { commitment = try value.amount() }
    if let value = try field.optional("decay") { decay = try value.share() }
    if let value = try field.optional("epsilon") { epsilon = try value.positive() }
    if let value = try field.optional("restart") { restart = try value.share() }
  }
}

extension Loss {
  fileprivate init(_ field: FieldReader) throws(RecipeError) {
    try field.allow(
      "reconstruction", "reduction", "klWeight", "klCapacity", "freeBits", "l1", "l2", "codeL1",
      "sparsity",
      "mmd")
    self.init(
      reconstruction: try field.required("reconstruction").choice(ReconstructionError.self),
      reduction: try field.optional("reduction")?.choice(Reduction.self) ?? .mean,
      klWeight: try field.optional("klWeight")?.ramp() ?? 1,
      klCapacity: try field.optional("klCapacity")?.ramp(),
      freeBits: try field.optional("freeBits")?.amount() ?? 0,
      l1: try field.optional("l1")?.amount() ?? 0, l2: try field.optional("l2")?.amount() ?? 0,
      codeL1: try field.optional("codeL1")?.amount() ?? 0,
      sparsity: try field.optional("sparsity").map(SparsityPenalty.init),
      discrepancy: try field.optional("mmd").map(DiscrepancyPenalty.init))
  }
}

extension SparsityPenalty {
  fileprivate init(_ field: FieldReader) throws(RecipeError) {
    try field.allow("target", "weight")
    self.init(
      target: try field.required("target").probability(),
      weight: try field.required("weight").ramp())
  }
}

extension DiscrepancyPenalty {
  fileprivate init(_ field: FieldReader) throws(RecipeError) {
    try field.allow("weight", "kernel")
    self.init(
      try field.optional("kernel")?.choice(DiscrepancyKernel.self) ?? .gaussian,
      weight: try field.required("weight").ramp())
  }
}
