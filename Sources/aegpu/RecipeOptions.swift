import ArgumentParser
import Datasets
import Foundation
import Graphs
import Recipes

/// The recipe of a command, and the flags that change its fields.
struct RecipeOptions: ParsableArguments {
  @Argument(
    help: "Name of a recipe (see aegpu recipes), or path to a .yaml file. (default: dense)",
    completion: .recipes)
  var recipe: String?

  @Option(
    help: ArgumentHelp(
      "Data set to train on: a name (see aegpu data) or a path.", valueName: "name|path"),
    completion: .data)
  var data: String?

  @Option(
    help: "For images of another aspect ratio: squash, crop (to the middle) or pad (with zeros).")
  var fit: ImageFit?

  @OptionGroup(title: "Options for tables") var table: TableOptions

  @Option(help: "Passes over the training data.")
  var epochs: Int?

  @Option(help: "Batch size: examples per update.")
  var batchSize: Int?

  @Option(help: "Learning rate.")
  var learningRate: Double?

  @Option(help: "Random seed.")
  var seed: Int?

  @Option(
    help: ArgumentHelp(
      "Validation data: a path, a random fraction of the training data (by the seed; stratified by class "
        + "if there are labels), last:FRACTION for the last rows, or none.",
      valueName: "path|fraction|last:fraction|none"))
  var validation: String?

  @Option(help: ArgumentHelp("Train on the first n examples only.", valueName: "n"))
  var limit: Int?

  @Flag(help: "Do not shuffle the training data.")
  var noShuffle = false

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Set any field of the recipe, such as loss.l2=0.001; repeatable.", valueName: "key.path=value"
    ))
  var settings: [String] = []

  func validate() throws {
    try Self.expectCounts([("epochs", epochs), ("batch-size", batchSize), ("limit", limit)])
    if let seed, seed < 0 {
      throw ValidationError("--seed: expected a whole number from 0, received \(seed)")
    }
    if let learningRate, !(learningRate.isFinite && learningRate >= 0) {
      throw ValidationError("--learning-rate: expected a number from 0, received \(learningRate)")
    }
    try Self.expectSettings(settings)
  }

  /// Throws unless each given number is at least 1.
  static func expectCounts(_ options: [(name: String, value: Int?)]) throws {
    for (name, value) in options {
      if let value, value < 1 {
        throw ValidationError("--\(name): expected a whole number from 1, received \(value)")
      }
    }
  }

  /// Throws unless this is a valid length of a timing window.
  static func expectSeconds(_ seconds: Double) throws {
    guard seconds > 0, seconds <= 60 else {
      throw ValidationError(
        "--seconds: expected a number above 0 and at most 60, received \(seconds)")
    }
  }

  /// Throws unless each `--set` names a field and a value.
  static func expectSettings(_ settings: [String]) throws {
    for text in settings where !text.dropFirst().contains("=") {
      throw ValidationError("--set: expected key.path=value, received \(text)")
    }
  }

  /// The recipe's file with every flag applied: `--set` first, then the other flags.
  func document() throws -> RecipeDocument {
    try changed(RecipeDocument(named: recipe ?? "dense"))
  }

  /// Another recipe's file with the same flags applied.
  func changed(_ document: RecipeDocument) throws -> RecipeDocument {
    var document = try Self.set(settings, in: document)
    if let data { try document.setData(RecipeDocument.scalar(data)) }
    if let fit { try document.set("data.fit", to: fit.rawValue, option: "--fit \(fit.rawValue)") }
    for (name, value) in table.fields {
      try document.set("data.\(name)", to: value, option: "--\(name) \(value)")
    }
    try set("epochs", epochs, in: &document)
    try set("batchSize", batchSize, in: &document)
    try set("seed", seed, in: &document)
    if let validation {
      try document.set(
        "validation", to: Self.validation(validation), option: "--validation \(validation)")
    }
    try set("limit", limit, in: &document)
    if noShuffle { try document.set("shuffle", to: "false", option: "--no-shuffle") }
    if let learningRate {
      let optimizer = try document.draft().optimizer.name
      try document.set(
        "optimizer.\(optimizer).learningRate", to: "\(learningRate)",
        option: "--learning-rate \(learningRate)")
    }
    try resolvePaths(in: &document)
    return document
  }

  /// A recipe's file with these fields set, `key.path=value` each.
  static func set(
    _ settings: [String], in document: RecipeDocument
  ) throws -> RecipeDocument {
    var document = document
    for text in settings {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      try document.set(String(parts[0]), to: String(parts[1]))
    }
    return document
  }

  /// The recipe's form of a value: `last:0.2` becomes `{last: 0.2}`; `0.2`, `none` and paths stay.
  private static func validation(_ text: String) -> String {
    let last = "last:"
    return text.hasPrefix(last)
      ? "{last: \(RecipeDocument.scalar(String(text.dropFirst(last.count))))}"
      : RecipeDocument.scalar(text)
  }

  private func set(
    _ path: String, _ value: (some CustomStringConvertible)?, in document: inout RecipeDocument
  ) throws {
    guard let value else { return }
    let flag = path.reduce(into: "--") { $0 += $1.isUppercase ? "-" + $1.lowercased() : String($1) }
    try document.set(path, to: RecipeDocument.scalar("\(value)"), option: "\(flag) \(value)")
  }

  /// Makes paths absolute, so that the file means the same in every working directory.
  private func resolvePaths(in document: inout RecipeDocument) throws {
    let recipe = try document.draft()
    if let path = recipe.data.flatMap(Self.absolute) {
      try document.setData(RecipeDocument.scalar(path))
    }
    if let test = recipe.dataOptions.test.flatMap(Self.absolute) {
      try document.set("data.test", to: RecipeDocument.scalar(test))
    }
    // Labels may be in a separate file.
    if let label = recipe.dataOptions.label, label.hasSuffix(".npy"),
      let path = Self.absolute(label)
    {
      try document.set("data.label", to: RecipeDocument.scalar(path))
    }
    if case .data(let name) = recipe.validation, let path = Self.absolute(name) {
      try document.set("validation", to: RecipeDocument.scalar(path))
    }
  }

  /// `nil` for the name of a data set, and for a path that is absolute or does not exist.
  private static func absolute(_ name: String) -> String? {
    guard !DatasetSource.all.contains(where: { $0.name == name }), !name.hasPrefix("/")
    else { return nil }
    if let archive = ArchivePath(name) {
      return absolute(archive.path).map { "\($0):\(archive.array)" }
    }
    if let tensor = TensorPath(name), let array = tensor.name {
      return absolute(tensor.path).map { "\($0):\(array)" }
    }
    let isPattern = name.contains { "*?[".contains($0) }
    guard isPattern || FileManager.default.fileExists(atPath: name) else { return nil }
    return URL(fileURLWithPath: name).standardizedFileURL.path
  }
}

extension ImageFit: ExpressibleByArgument {}
