import ArgumentParser
import Layers

/// The class that a conditional model decodes.
struct ConditionOption: ParsableArguments {
  @Option(
    name: .customLong("label"),
    help: ArgumentHelp(
      "Class to decode with a conditional model, by name or number.",
      valueName: "label"))
  var label: String?

  /// The class of each code, by its index; `nil` for a model that reads no class.
  /// - Parameter standard: the class of each code if `--label` is not given.
  func find(
    in run: OpenRun, standard: @escaping (Int) -> Int
  ) throws -> ((Int) -> Int)? {
    guard let classes = run.recipe.model.classes else {
      guard label == nil else {
        throw Failure(
          "--label: expected a conditional model, received one that does not read the class of an "
            + "example; leave --label out")
      }
      return nil
    }
    guard let label else { return standard }
    let own = try run.autoencoder.classNumber(label, of: classes, source: "--label")
    return { _ in own }
  }
}
