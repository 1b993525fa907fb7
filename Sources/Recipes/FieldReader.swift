import Datasets
import Yams

/// One value of a recipe, and its place in the file. Reads it as the expected type, or throws an
/// error that says what was expected.
struct FieldReader {
  let node: Node
  /// The recipe's name or path, for errors.
  let source: String
  /// For example `encoder[1].dense.units`.
  let path: String

  var line: Int? { node.mark?.line }

  func error(_ expected: String) -> RecipeError { error(expected, received: received) }

  func error(_ expected: String, received: String) -> RecipeError {
    .field(source: source, line: line, path: path, expected: expected, received: received)
  }

  /// The value as an error shows it.
  private var received: String {
    switch node {
    case .scalar(let scalar): scalar.string.isEmpty ? "nothing" : scalar.string
    case .mapping(let mapping):
      "a mapping of " + mapping.keys.compactMap(\.string).joined(separator: ", ")
    case .sequence(let sequence): "a list of \(sequence.count)"
    case .alias: "an alias"
    }
  }

  // MARK: Mappings and lists

  /// The field of a mapping, or `nil` if it is not given.
  func optional(_ key: String) throws(RecipeError) -> FieldReader? {
    guard case .mapping(let mapping) = node else { throw error("a mapping with the field \(key)") }
    guard let value = mapping.first(where: { $0.key.string == key })?.value else { return nil }
    return FieldReader(node: value, source: source, path: path.isEmpty ? key : "\(path).\(key)")
  }

  func required(_ key: String) throws(RecipeError) -> FieldReader {
    guard let field = try optional(key) else { throw error("the field \(key)") }
    return field
  }

  /// Throws if the mapping has a field that is not among `known`.
  func allow(_ known: String...) throws(RecipeError) { try allow(known) }

  func allow(_ known: [String]) throws(RecipeError) {
    guard case .mapping(let mapping) = node else {
      throw error("a mapping of \(known.joined(separator: ", "))")
    }
    for key in mapping.keys where !known.contains(key.string ?? "") {
      let name = key.string ?? "a key that is not a text"
      throw .unknownField(
        source: source, line: key.mark?.line, path: path.isEmpty ? name : "\(path).\(name)",
        known: known)
    }
  }

  /// A mapping of exactly one field, whose name selects the variant: `dense: {…}`.
  func variant(_ known: [String]) throws(RecipeError) -> (name: String, settings: FieldReader) {
    let expected = known.count == 1 ? known[0] : "one of " + known.joined(separator: ", ")
    if let name = node.scalar?.string, known.contains(name) {
      // The name is valid, but its fields are missing.
      throw error("a mapping, such as \(RecipeFormat.example(of: name))")
    }
    guard case .mapping(let mapping) = node, mapping.count == 1, let (key, value) = mapping.first,
      let name = key.string
    else { throw error(expected) }
    guard known.contains(name) else {
      throw .field(
        source: source, line: key.mark?.line, path: path,
        expected: expected, received: name + Spelling.hint(name, of: known))
    }
    return (name, FieldReader(node: value, source: source, path: "\(path).\(name)"))
  }

  /// The same, for names that are cases of an enumeration.
  func variant<Choice: RawRepresentable & CaseIterable>(
    of _: Choice.Type
  ) throws(RecipeError) -> (choice: Choice, settings: FieldReader)
  where Choice.RawValue == String {
    let (name, settings) = try variant(Choice.allCases.map(\.rawValue))
    return (Choice(rawValue: name)!, settings)
  }

  func list() throws(RecipeError) -> [FieldReader] {
    guard case .sequence(let sequence) = node else { throw error("a list") }
    return sequence.enumerated().map { index, node in
      FieldReader(node: node, source: source, path: "\(path)[\(index)]")
    }
  }

  /// One item, or a list of some.
  func items<Item>(
    _ read: (FieldReader) throws(RecipeError) -> Item
  ) throws(RecipeError) -> [Item] {
    guard case .sequence = node else { return [try read(self)] }
    var items: [Item] = []
    for item in try list() { items.append(try read(item)) }
    guard !items.isEmpty else { throw error("one or more") }
    return items
  }

  // MARK: Scalars

  func string() throws(RecipeError) -> String {
    guard let string = node.scalar?.string, !string.isEmpty else { throw error("a text") }
    return string
  }

  func bool() throws(RecipeError) -> Bool {
    guard let value = node.bool else { throw error("true or false") }
    return value
  }

  func integer(from least: Int, to most: Int = Int(Int32.max)) throws(RecipeError) -> Int {
    guard let value = node.int, value >= least, value <= most else {
      throw error("a whole number from \(least) to \(most)")
    }
    return value
  }

  /// A list of sizes, each at least 1.
  func sizes() throws(RecipeError) -> [Int] {
    var sizes: [Int] = []
    for size in try list() { sizes.append(try size.integer(from: 1)) }
    return sizes
  }

  /// A fraction, from 0 to below 1.
  func share() throws(RecipeError) -> Double {
    try number(0...(1.0).nextDown, "a number from 0 to below 1")
  }

  /// A number from 0.
  func amount() throws(RecipeError) -> Double { try number(0...3e38, "a number from 0") }

  /// A number between 0 and 1, both excluded.
  func probability() throws(RecipeError) -> Double {
    try number(Double.leastNormalMagnitude...(1.0).nextDown, "a number between 0 and 1")
  }

  /// A number above 0.
  func positive() throws(RecipeError) -> Double {
    try number(Double.leastNormalMagnitude...1e9, "a number above 0")
  }

  /// A finite number in `range`.
  func number(_ range: ClosedRange<Double>, _ expected: String) throws(RecipeError) -> Double {
    guard let value = node.float, value.isFinite, range.contains(value) else {
      throw error(expected)
    }
    return value
  }

  /// One of the names of an enumeration.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _: Choice.Type
  ) throws(RecipeError) -> Choice where Choice.RawValue == String {
    guard let name = node.scalar?.string, let value = Choice(rawValue: name) else {
      let names = Choice.allCases.map(\.rawValue)
      throw .field(
        source: source, line: line, path: path,
        expected: "one of " + names.joined(separator: ", "),
        received: received + Spelling.hint(received, of: names))
    }
    return value
  }
}
