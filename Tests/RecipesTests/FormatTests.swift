import Recipes
import Testing

/// The page of the format says what the reader does.
@Suite struct FormatTests {
  private static let text = """
    name: tiny
    data: digits
    input: [4, 4, 4]
    encoder: []
    decoder: []
    loss: {reconstruction: squaredError}
    optimizer: {adam: {learningRate: 0.001}}
    batchSize: 32
    epochs: 2
    """

  /// Values of fields that must be given, where the page's own do not fit the recipe above.
  private static let values = [
    "name": "a", "data": "digits", "input": "[4, 4, 4]", "encoder": "[]", "decoder": "[]",
    "loss": "{reconstruction: squaredError}", "optimizer": "{adam: {learningRate: 0.001}}",
    "batchSize": "32", "epochs": "2", "path": "digits", "filters": "4", "size": "1", "factor": "1",
    "shape": "[4, 4, 4]", "reconstruction": "squaredError", "patience": "3", "count": "1",
    "reads": "code", "minimise": "[loss]", "moves": "[encoder]", "of": "code", "against": "0",
  ].merging(RecipeFormat.examples) { own, _ in own }

  /// A recipe that holds the section with its required fields.
  private func document(
    _ section: RecipeFormat.Section, without missing: String? = nil
  ) throws -> RecipeDocument {
    var document = try RecipeDocument(text: Self.text, source: "tiny")
    guard !section.path.isEmpty else { return document }
    let fields = section.fields.filter { $0.standard == nil && $0.name != missing }
    let given = try fields.map { "\($0.name): \(try #require(Self.values[$0.name]))" }
    let mapping = "{" + given.joined(separator: ", ") + "}"
    switch section.path {
    case "parts.0":
      try document.set("parts", to: "[{\((given + ["layers: []"]).joined(separator: ", "))}]")
      return document
    case "phases.0":
      try document.set("phases", to: "[\(mapping)]")
      return document
    case "phases.0.minimise.0.squaredError":
      try document.set(
        "phases",
        to: "[{name: a, minimise: [{squaredError: \(mapping)}, loss], moves: [encoder]}]")
      return document
    case "phases.0.minimise.0.mmd":
      let between = mapping.replacing("against: 0", with: "against: prior")
      try document.set(
        "phases", to: "[{name: a, minimise: [{mmd: \(between)}, loss], moves: [encoder]}]")
      return document
    default: break
    }
    let keys = section.path.split(separator: ".").map(String.init)
    let layer = keys.last ?? ""
    switch keys.count {
    case 1: try document.set(layer, to: mapping)
    case 2: try document.set(keys[0], to: Self.wrapped(layer, mapping, in: keys[0]))
    default:
      let value =
        switch layer {
        case "activation": "{activation: relu}"
        case "concatenate": "{concatenate: label}"
        default: "{\(layer): \(mapping)}"
        }
      try document.set(keys[0], to: keys[0] == "schedule" ? "{decay: \(value)}" : "[\(value)]")
    }
    // Sections that are only valid together with another one.
    switch section.path {
    case "decoder.0.tiedDense":
      try document.set("input", to: "[64]")
      try document.set("encoder", to: "[{dense: {units: 64}}]")
    case "encoder.0.dense": try document.set("input", to: "[64]")
    case "latent.variational": try document.set("input", to: "[64]")
    case "encoder.0.concatenate":
      try document.set("classes", to: "2")
      try document.set(
        "decoder", to: "[{flatten: {}}, {dense: {units: 64}}, {reshape: {shape: [4, 4, 4]}}]")
    case "loss.sparsity": try document.set("encoder", to: "[{activation: sigmoid}]")
    case "encoder.0.conv1D", "encoder.0.convTranspose1D", "encoder.0.maxPool1D",
      "encoder.0.averagePool1D", "encoder.0.upsample1D":
      try document.set("input", to: "[16, 4]")
    case "encoder.0.lstm", "encoder.0.gru":
      try document.set("input", to: "[1, 64]")
      try document.set("decoder", to: "[{reshape: {shape: [1, 64]}}]")
    case "encoder.0.repeat":
      try document.set("input", to: "[64]")
      try document.set("decoder", to: "[{flatten: {}}]")
    case "encoder.0.maxPool2D", "encoder.0.averagePool2D", "encoder.0.flatten":
      if layer == "flatten" { try document.set("decoder", to: "[{reshape: {shape: [4, 4, 4]}}]") }
    default: break
    }
    return document
  }

  private static func wrapped(_ name: String, _ mapping: String, in part: String) -> String {
    // A loss has other fields in addition to its sparsity.
    part == "loss"
      ? "{reconstruction: squaredError, \(name): \(mapping)}" : "{\(name): \(mapping)}"
  }

  private static let isScalar = ["encoder.0.activation", "encoder.0.concatenate"]

  @Test(arguments: RecipeFormat.sections) func fields(_ section: RecipeFormat.Section) throws {
    let plain = try document(section).recipe()
    let prefix = section.path.isEmpty ? "" : section.path + "."
    if !Self.isScalar.contains(section.path) {
      var document = try document(section)
      try document.set(prefix + "unheardOf", to: "1")
      let error = #expect(throws: RecipeError.self) { try document.recipe() }
      guard case .option(_, .unknownField(_, _, let path, let known)) = error else {
        Issue.record("\(section.path): \(error.map { "\($0)" } ?? "no error")")
        return
      }
      #expect(path.hasSuffix("unheardOf"))
      #expect(known.sorted() == section.fields.map(\.name).sorted(), "\(section.path)")
    }
    for field in section.fields {
      if let standard = field.standard {
        guard !field.isWord else { continue }
        var document = try document(section)
        try document.set(prefix + field.name, to: standard)
        #expect(try document.recipe() == plain, "\(prefix)\(field.name)")
      } else if !section.path.isEmpty {
        #expect(throws: RecipeError.self, "\(prefix)\(field.name)") {
          try self.document(section, without: field.name).recipe()
        }
      }
    }
  }

  /// Every layer, optimizer and the rest that the reader knows has its section.
  @Test(arguments: ["encoder.0", "optimizer", "corruption", "latent", "schedule.decay"])
  func variants(_ place: String) throws {
    var document = try RecipeDocument(text: Self.text, source: "tiny")
    try document.set("encoder", to: "[{flatten: {}}]")
    try document.set(place, to: "{unheardOf: {}}")
    let error = #expect(throws: RecipeError.self) { try document.recipe() }
    guard case .option(_, .field(_, _, _, let expected, _)) = error else {
      Issue.record("\(place): \(error.map { "\($0)" } ?? "no error")")
      return
    }
    let known = expected.replacing("one of ", with: "").split(separator: ", ").map(String.init)
    let parent = place.prefix { $0 != "." }
    let documented = Set(
      RecipeFormat.sections.map(\.path)
        .filter { $0.hasPrefix(place + ".") || parent == "encoder" && $0.hasPrefix("decoder.0.") }
        .compactMap { $0.split(separator: ".").last.map(String.init) })
    let undocumented = place == "schedule.decay" ? ["constant"] : []
    #expect(documented.union(undocumented) == Set(known))
  }

  @Test func page() {
    let page = RecipeFormat.page
    #expect(page.contains("optimizer.adam: Kingma and Ba, 2015.\n  learningRate"))
    #expect(page.split(separator: "\n").allSatisfy { $0.last != " " })
  }
}
