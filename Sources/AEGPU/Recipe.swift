import Recipes

/// A network, its loss and its training: everything that `aegpu train` needs except data and
/// device.
///
/// A recipe is one of the library (`Recipe.names`), a YAML file or text, or made of layers. If it
/// names no input, its input is the shape of the data.
public struct Recipe: Hashable, Sendable, CustomStringConvertible {
  /// The recipe's file.
  public let yaml: String
  private let source: String

  public var description: String { yaml }

  /// The names of the recipes that come with the library: `dense`, `conv`, `vae`, `table` and others.
  public static var names: [String] { RecipeLibrary.names }

  /// - Parameter name: one of `Recipe.names`, or the path to a `.yaml` file.
  /// - Throws: if it does not exist or is not a recipe; the error names the field, what is expected
  ///   there and what was found.
  public init(_ name: String) throws(AutoencoderError) {
    self = try telling { try Recipe(RecipeDocument(named: name), source: name) }
  }

  /// - Parameter yaml: the text of a recipe's file, in the format of `aegpu recipes format`.
  public init(yaml: String) throws(AutoencoderError) {
    try self.init(yaml: yaml, source: "text")
  }

  private init(yaml: String, source: String) throws(AutoencoderError) {
    self = try telling { try Recipe(RecipeDocument(text: yaml, source: source), source: source) }
  }

  /// A recipe made of layers.
  ///
  /// - Parameters:
  /// - name: the name in messages and folders.
  ///   - encoder: examples `[N] + input` to codes.
  /// - latent: `["variational": ["units": 10]]` for a random code, `["codebook": ["codes": 512]]`
  ///   for a quantised code; else the encoder's output is the code.
  ///   - decoder: codes to reconstructions, whose shape must be the input's: `.dense(.input)`.
  /// - loss: the training objective, such as `["reconstruction": "squaredError", "reduction":
  ///   "mean"]`.
  ///   - optimizer: `["adam": ["learningRate": 0.001]]`, `adamW`, `rmsProp` or `sgd`.
  /// - normalization: `none`, `unit` (bytes divided by 255), `mean` or `standard` (mean 0, variance
  ///   1).
  /// - batchSize: examples per update.
  ///   - epochs: passes over the data.
  ///   - settings: other fields of a recipe's file, by name.
  /// - Throws: if a field does not exist, or a value is invalid.
  public init(
    _ name: String, encoder: [Layer], latent: Setting? = nil, decoder: [Layer],
    loss: Setting = ["reconstruction": "squaredError"],
    optimizer: Setting = ["adam": ["learningRate": 0.001]], normalization: String = "unit",
    batchSize: Int = 32, epochs: Int = 10, settings: [String: Setting] = [:]
  ) throws(AutoencoderError) {
    func list(_ layers: [Layer]) -> String {
      "[" + layers.map { "{\($0.yaml)}" }.joined(separator: ", ") + "]"
    }
    var fields = [
      ("name", RecipeDocument.scalar(name)), ("encoder", list(encoder)),
      ("decoder", list(decoder)), ("loss", loss.yaml), ("optimizer", optimizer.yaml),
      ("normalization", RecipeDocument.scalar(normalization)), ("batchSize", "\(batchSize)"),
      ("epochs", "\(epochs)"),
    ]
    if let latent { fields.append(("latent", latent.yaml)) }
    fields += settings.sorted { $0.key < $1.key }.map { (RecipeDocument.scalar($0), $1.yaml) }
    try self.init(yaml: fields.map { "\($0): \($1)\n" }.joined(), source: name)
  }

  private init(_ document: RecipeDocument, source: String) throws {
    // A recipe that follows its data has no sizes yet.
    _ = try document.followsData ? document.draft() : document.recipe()
    yaml = try document.text()
    self.source = source
  }

  /// A copy of the recipe with another value of a field.
  ///
  /// - Parameters:
  ///   - path: names joined by dots, list items by index: `encoder.0.dense.units`.
  ///   - value: the new value.
  /// - Throws: if the field does not exist, or the value is invalid.
  public func setting(_ path: String, to value: Setting) throws(AutoencoderError) -> Recipe {
    try telling {
      var document = try document
      try document.set(path, to: value.yaml, option: "\(path): \(value.yaml)")
      return try Recipe(document, source: source)
    }
  }

  var document: RecipeDocument {
    get throws { try RecipeDocument(text: yaml, source: source) }
  }
}
