import struct Datasets.DataOptions
import enum Datasets.ImageFit

extension DataOptions {
  /// The field `data` of a recipe: the name or path of a data set, or a mapping with `path` and
  /// reading options. The name may be missing and given with the run.
  static func read(
    _ field: FieldReader?
  ) throws(RecipeError) -> (name: String?, options: DataOptions) {
    guard let field else { return (nil, DataOptions()) }
    if case .scalar = field.node { return (try field.string(), DataOptions()) }
    try field.allow(
      "path", "header", "separator", "decimal", "columns", "label", "ignore", "missing", "shape",
      "fit", "array", "test", "window", "stride", "time")
    let window = try field.optional("window")?.integer(from: 1)
    let stride = try field.optional("stride")?.integer(from: 1) ?? 1
    if window == nil, stride > 1, let field = try field.optional("stride") {
      throw field.error("the field window, too")
    }
    let options = DataOptions(
      header: try field.optional("header")?.bool(),
      separator: try field.optional("separator")?.separator(),
      decimal: try field.optional("decimal")?.decimal(),
      columns: try field.optional("columns")?.names(),
      label: try field.optional("label")?.string(),
      ignore: try field.optional("ignore")?.names() ?? [],
      missing: try field.optional("missing")?.choice(DataOptions.Missing.self),
      shape: try field.optional("shape")?.imageShape(),
      fit: try field.optional("fit")?.choice(ImageFit.self) ?? .squash,
      array: try field.optional("array")?.string(),
      test: try field.optional("test")?.string(), window: window, stride: stride,
      time: try field.optional("time")?.string())
    return (try field.optional("path")?.string(), options)
  }
}

extension FieldReader {
  /// The field separator of a CSV file; `\t` and `tab` are a tab.
  fileprivate func separator() throws(RecipeError) -> Character {
    let text = node.scalar?.string ?? ""
    if text == "\\t" || text == "tab" { return "\t" }
    guard let character = text.first, text.count == 1, character.isASCII, character != "\"",
      !character.isNewline
    else { throw error("one ASCII character, neither a quote nor a line break") }
    return character
  }

  fileprivate func decimal() throws(RecipeError) -> Character {
    switch node.scalar?.string {
    case ".": "."
    case ",": ","
    default: throw error("'.' or ','")
    }
  }

  /// A list of at least one name, each once; a single name is a list of one.
  fileprivate func names() throws(RecipeError) -> [String] {
    if case .scalar = node { return [try string()] }
    var names: [String] = []
    for item in try list() {
      let name = try item.string()
      guard !names.contains(name) else { throw item.error("each column once") }
      names.append(name)
    }
    guard !names.isEmpty else { throw error("at least one column") }
    return names
  }

  /// `[H, W, C]` of an image, gray or RGB.
  fileprivate func imageShape() throws(RecipeError) -> [Int] {
    let shape = try sizes()
    guard shape.count == 3, shape[2] == 1 || shape[2] == 3 else {
      throw error("[height, width, 1] or [height, width, 3]")
    }
    return shape
  }
}
