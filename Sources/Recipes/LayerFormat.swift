import Graphs
import Layers

/// A layer in a recipe: its fields, as `aegpu recipes format` documents them, and how to read them.
struct LayerFormat: Sendable {
  let name: String
  let summary: String
  let fields: [RecipeFormat.Field]
  /// Whether it has a word in place of fields: `activation: relu`.
  private let takesWord: Bool
  /// The part of the network in which the documentation shows it.
  private let part: NetworkPart
  private let layer: @Sendable (FieldReader, LayerDefaults) throws(RecipeError) -> Layer

  /// - Parameter layer: makes the layer from its settings, whose field names are checked before.
  init(
    _ name: String, _ summary: String, _ fields: [RecipeFormat.Field], takesWord: Bool = false,
    part: NetworkPart = .encoder,
    _ layer: @escaping @Sendable (FieldReader, LayerDefaults) throws(RecipeError) -> Layer
  ) {
    self.name = name
    self.summary = summary
    self.fields = fields
    self.takesWord = takesWord
    self.part = part
    self.layer = layer
  }

  /// All layers, in the order of the documentation.
  static let all: [LayerFormat] =
    dense + images + sequences + recurrent + shapes + regularizing + others

  var section: RecipeFormat.Section {
    RecipeFormat.Section(path: "\(part.rawValue).0.\(name)", summary: summary, fields: fields)
  }

  fileprivate func read(
    _ settings: FieldReader, _ defaults: LayerDefaults
  ) throws(RecipeError) -> Layer {
    if !takesWord { try settings.allow(fields.map(\.name)) }
    return try layer(settings, defaults)
  }
}

extension Layer {
  static func read(
    _ field: FieldReader, _ defaults: LayerDefaults
  ) throws(RecipeError) -> [Layer] {
    var layers: [Layer] = []
    for item in try field.list() {
      let (name, settings) = try item.variant(RecipeFormat.layers)
      let format = LayerFormat.all.first { $0.name == name }!
      layers.append(try format.read(settings, defaults))
    }
    return layers
  }
}
