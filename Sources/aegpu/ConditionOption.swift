import ArgumentParser
import Layers

/// The class that a conditional model is given for what it decodes.
struct ConditionOption: ParsableArguments {
  @Option(
    name: .customLong("label"),
    help: ArgumentHelp(
      "Of a conditional model: the class of what is decoded, by name or number.",
      valueName: "label"))
  var label: String?

  /// The class of each code, by its place; `nil` for a model that reads none.
  /// - Parameter standard: where none is named.
  func find(
    in run: OpenRun, standard: @escaping (Int) -> Int
  ) throws -> ((Int) -> Int)? {
    guard let classes = run.recipe.model.classes else {
      guard label == nil else {
        throw Failure(
          "--label: expected a model that reads the class of an example, received one that does not; "
            + "leave it out")
      }
      return nil
    }
    guard let label else { return standard }
    let own = try run.autoencoder.classNumber(label, of: classes, source: "--label")
    return { _ in own }
  }
}
