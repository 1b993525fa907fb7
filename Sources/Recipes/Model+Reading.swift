import Graphs
import Layers

extension Model {
  init(_ field: FieldReader) throws(RecipeError) {
    var sizes: [Int] = []
    for size in try field.required("input").list() { sizes.append(try size.integer(from: 1)) }
    let loss = try field.required("loss")
    try loss.allow("reconstruction", "reduction", "klWeight")
    self.init(
      input: Shape(sizes),
      encoder: try Layer.read(field.required("encoder")),
      latent: try field.optional("latent").map(Latent.init) ?? .deterministic,
      decoder: try Layer.read(field.required("decoder")),
      loss: Loss(
        reconstruction: try loss.required("reconstruction").choice(ReconstructionError.self),
        reduction: try loss.optional("reduction")?.choice(Reduction.self) ?? .mean,
        klWeight: try loss.optional("klWeight")?.number(0...1e6, "a number from 0") ?? 1))
  }
}

extension Latent {
  fileprivate init(_ field: FieldReader) throws(RecipeError) {
    let (_, settings) = try field.variant(["variational"])
    try settings.allow("units")
    self = .variational(units: try settings.required("units").integer(from: 1))
  }
}

extension Layer {
  fileprivate static func read(_ field: FieldReader) throws(RecipeError) -> [Layer] {
    var layers: [Layer] = []
    for item in try field.list() {
      let (name, settings) = try item.variant(["dense"])
      precondition(name == "dense")
      layers.append(.dense(try Dense(settings)))
    }
    return layers
  }
}

extension Dense {
  fileprivate init(_ field: FieldReader) throws(RecipeError) {
    try field.allow("units", "activation", "initializer")
    self.init(
      units: try field.required("units").integer(from: 1),
      activation: try field.optional("activation")?.choice(Activation.self) ?? .identity,
      initializer: try field.optional("initializer")?.choice(Initializer.self) ?? .glorotUniform)
  }
}
