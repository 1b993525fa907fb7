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
    let own = try run.label(named: label, of: classes)
    return { _ in own }
  }
}

extension OpenRun {
  /// The number of a class.
  func label(named name: String, of classes: Int) throws -> Int {
    let names = Array((classNames ?? []).prefix(classes))
    if let found = names.firstIndex(of: name) { return found }
    if let number = Int(name), 0..<classes ~= number { return number }
    let known =
      names.isEmpty
      ? "a number from 0 to \(classes - 1)" : "one of " + names.joined(separator: ", ")
    throw Failure("--label: expected \(known), received \(name)")
  }
}
