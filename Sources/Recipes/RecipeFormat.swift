import enum Datasets.ImageFit
import Graphs
import Layers

/// The documentation of the recipe format: every field, its values and its default.
///
/// Tests compare it with the reader: each section has the fields that the reader knows, each
/// default is that of the reader, and each field without a default is required.
package enum RecipeFormat {
  /// The fields of one mapping.
  package struct Section: Hashable, Sendable {
    /// Its path in a recipe: names joined by dots, list items by index.
    package let path: String
    package let summary: String
    package let fields: [Field]
  }

  package struct Field: Hashable, Sendable {
    package let name: String
    /// The kind of its values.
    package let kind: String
    /// The default, as YAML; `nil` for a required field.
    package let standard: String?
    /// Whether `standard` is a description and not a value: `none`, or where the default comes
    /// from.
    package let isWord: Bool
    package let summary: String

    /// A required field.
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

    /// An optional field whose default is not a value of it.
    static func absent(
      _ name: String, _ kind: String, _ summary: String, _ word: String = "none"
    ) -> Field {
      Field(name: name, kind: kind, standard: word, isWord: true, summary: summary)
    }
  }

  /// The documentation as it is printed.
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

  /// The names of all layers.
  package static let layers = LayerFormat.all.map(\.name)

  /// A layer, optimizer or similar with its required fields, as in a recipe: `{adam: {learningRate:
  /// 0.001}}`.
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

  /// Typical values of required fields.
  package static let examples = [
    "learningRate": "0.001", "units": "64", "filters": "32", "size": "3", "factor": "2",
    "rate": "0.1", "deviation": "0.5", "shape": "[28, 28, 1]", "epochs": "10", "target": "0.1",
    "weight": "1", "count": "24", "kind": "l1", "codes": "512",
  ]

  /// Explanations of the kinds of values.
  private static var words: String {
    let initializers = Initializer.named.map(\.name).joined(separator: ", ")
    return """
      activation: \(names(Activation.self))
      error: \(names(ReconstructionError.self))
      input: for units, the number of values in an example; for filters, its channels; for shape, its shape;
        for count, its steps
      ramp: a number from 0, or {from: 0, to: 1, epochs: 10}: linear over the first epochs
      initializer: \(initializers), or {normal: {mean: 0, deviation: 1}}
      style: \(names(Recipe.Pictures.Style.self))
      """
  }

  package static func names<Choice: RawRepresentable & CaseIterable>(_: Choice.Type) -> String
  where Choice.RawValue == String { Choice.allCases.map(\.rawValue).joined(separator: ", ") }
}
