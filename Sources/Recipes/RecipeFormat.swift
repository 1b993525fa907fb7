import enum Datasets.ImageFit
import Graphs
import Layers

/// The format of recipes as a page: every field, what it takes, and what it is where it is not
/// given.
///
/// The tests hold it against the reader: each section's fields are those that the reader knows,
/// each default is what the reader takes, each field without one is required.
package enum RecipeFormat {
  /// The fields of one mapping.
  package struct Section: Hashable, Sendable {
    /// Where it stands in a recipe: names joined by dots, items of a list by number.
    package let path: String
    package let summary: String
    package let fields: [Field]
  }

  package struct Field: Hashable, Sendable {
    package let name: String
    /// What it takes.
    package let kind: String
    /// What it is where it is not given, as YAML; `nil` where it must be.
    package let standard: String?
    /// `standard` is a word for a person, no value: `none`, or where else it is taken from.
    package let isWord: Bool
    package let summary: String

    /// A field that must be given.
    static func required(
      _ name: String, _ kind: String, _ summary: String
    ) -> Field {
      Field(name: name, kind: kind, standard: nil, isWord: false, summary: summary)
    }

    static func optional(
      _ name: String, _ kind: String, _ standard: String, _ summary: String
    ) -> Field {
      Field(name: name, kind: kind, standard: standard, isWord: false, summary: summary)
    }

    /// An optional field whose absence is no value of it.
    static func absent(
      _ name: String, _ kind: String, _ summary: String, _ word: String = "none"
    ) -> Field {
      Field(name: name, kind: kind, standard: word, isWord: true, summary: summary)
    }
  }

  /// The page as it is printed.
  package static var page: String {
    let lines = sections.map { section in
      let title = section.path.isEmpty ? "A recipe" : section.path
      let fields = section.fields.map { field in
        [
          "  " + field.name, field.kind, field.standard.map { "(\($0))" } ?? "required",
          field.summary,
        ]
      }
      let widths = (0..<3).map { column in fields.map { $0[column].count }.max() ?? 0 }
      let rows = fields.map { row in
        var line = ""
        for column in 0..<3 {
          line +=
            row[column]
            + String(repeating: " ", count: widths[column] - row[column].count + 2)
        }
        line += row[3]
        while line.last == " " { line.removeLast() }
        return line
      }
      return ([title + ": " + section.summary] + rows).joined(separator: "\n")
    }
    return """
      A recipe is a YAML file. Print one with `aegpu recipes show deep`, save it, edit it, train it with
      `aegpu train mine.yaml`. Any field can be set on the command line: --set loss.l2=0.001, items of
      lists by index: --set encoder.0.dense.units=64. Defaults are in parentheses.


      """ + (lines + [words]).joined(separator: "\n\n") + "\n"
  }

  /// Every layer, by its name.
  package static let layers = LayerFormat.all.map(\.name)

  /// A layer, optimizer or the like with its required fields, as it stands in a recipe:
  /// `{adam: {learningRate: 0.001}}`.
  package static func example(of name: String) -> String {
    switch name {
    case "activation": return "{activation: relu}"
    case "concatenate": return "{concatenate: label}"
    default: break
    }
    let section = sections.first { $0.path.split(separator: ".").last.map(String.init) == name }
    let fields = (section?.fields ?? []).filter { $0.standard == nil }.map { field in
      "\(field.name): \(examples[field.name] ?? "…")"
    }
    return "{\(name): {\(fields.joined(separator: ", "))}}"
  }

  /// Usual values of required fields.
  package static let examples = [
    "learningRate": "0.001", "units": "64", "filters": "32", "size": "3", "factor": "2",
    "rate": "0.1", "deviation": "0.5", "shape": "[28, 28, 1]", "epochs": "10", "target": "0.1",
    "weight": "1", "count": "24", "kind": "l1", "codes": "512",
  ]

  /// What the kinds with names of their own are.
  private static var words: String {
    let initializers = Initializer.named.map(\.name).joined(separator: ", ")
    return """
      activation: \(names(Activation.self))
      error: \(names(ReconstructionError.self))
      input: as units, the number of values in an example; as filters, its channels; as shape, its shape;
        as count, its steps
      ramp: a number from 0, or {from: 0, to: 1, epochs: 10}: in equal steps over the first epochs
      initializer: \(initializers), or {normal: {mean: 0, deviation: 1}}
      style: \(names(Recipe.Pictures.Style.self))
      """
  }

  package static func names<Choice: RawRepresentable & CaseIterable>(_: Choice.Type) -> String
  where Choice.RawValue == String { Choice.allCases.map(\.rawValue).joined(separator: ", ") }
}
