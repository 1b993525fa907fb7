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
    fileprivate static func required(
      _ name: String, _ kind: String, _ summary: String
    ) -> Field {
      Field(name: name, kind: kind, standard: nil, isWord: false, summary: summary)
    }

    fileprivate static func optional(
      _ name: String, _ kind: String, _ standard: String, _ summary: String
    ) -> Field {
      Field(name: name, kind: kind, standard: standard, isWord: false, summary: summary)
    }

    /// An optional field whose absence is no value of it.
    fileprivate static func absent(
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
      A recipe is a YAML file. Print one with `aegpu recipes show deep`, save it, change it, train it with
      `aegpu train mine.yaml`. Any field can be set from outside: --set loss.l2=0.001, items of lists by
      number: --set encoder.0.dense.units=64. Defaults stand in parentheses.


      """ + (lines + [words]).joined(separator: "\n\n") + "\n"
  }

  /// What the kinds with names of their own are.
  private static var words: String {
    let initializers = Initializer.named.map(\.name).joined(separator: ", ")
    return """
      activation: \(names(Activation.self))
      error: \(names(ReconstructionError.self))
      initializer: \(initializers), or {normal: {mean: 0, deviation: 1}}
      style: \(names(Recipe.Pictures.Style.self))
      """
  }

  private static func names<Choice: RawRepresentable & CaseIterable>(_: Choice.Type) -> String
  where Choice.RawValue == String { Choice.allCases.map(\.rawValue).joined(separator: ", ") }

  private static let whole = "whole number from 1"
  private static let initializer = "initializer"
  private static let activation = Field.optional(
    "activation", "activation", "identity", "")
  private static let initializers = [
    Field.absent(
      "initializer", initializer, "of the weights", "the recipe's"),
    Field.absent(
      "biasInitializer", initializer, "of the biases", "the recipe's"),
  ]
  private static let window = [
    Field.required("size", whole, "of the square window")
  ]
  private static let padding = Field.optional(
    "padding", "same, valid", "same", "zeros around, or none")
  private static let convolution =
    [Field.required("filters", whole, "channels of the output")] + window
    + [Field.optional("stride", whole, "1", "how far the window moves on"), padding, activation]
    + initializers
  private static let pool =
    window + [.absent("stride", whole, "how far the window moves on", "its size"), padding]
  private static let adam = [
    Field.required("learningRate", "number from 0", ""),
    .optional("beta1", "number from 0 to below 1", "0.9", "decay of the mean"),
    .optional("beta2", "number from 0 to below 1", "0.999", "decay of the mean square"),
    .optional("epsilon", "number above 0", "1e-8", "added to the root"),
  ]

  package static let sections: [Section] = [
    Section(
      path: "", summary: "the whole file.",
      fields: [
        .required("name", "text", "what runs are named after"),
        .required("data", "name, path or mapping", "what trains; see data"),
        .required("input", "list of sizes", "[784], or [height, width, channels]"),
        .optional(
          "normalization", names(Recipe.Preparation.self), "unit",
          "of the examples: bytes by 255; less the mean; to mean 0 and variance 1"),
        .absent("corruption", "gaussian or masking", "of what is encoded; see corruption"),
        .optional(
          "initializer", initializer, "glorotUniform", "of weights"),
        .optional("biasInitializer", initializer, "zeros", "of biases"),
        .required("encoder", "list of layers", ""),
        .absent("latent", "variational", "where the code is drawn; see latent.variational"),
        .required("decoder", "list of layers", "its output has the input's shape"),
        .required("loss", "mapping", "see loss"),
        .required("optimizer", "adam, adamW, rmsProp or sgd", "see optimizer"),
        .absent("schedule", "mapping", "of the learning rate; see schedule"),
        .absent("clipping", "{norm: 1} or {value: 0.5}", "of the gradient"),
        .required("batchSize", whole, "examples to a step"),
        .required("epochs", whole, "how often all examples are taken"),
        .optional("seed", "whole number from 0", "1", "what all random numbers are drawn by"),
        .optional("shuffle", "true or false", "true", "a new order each epoch"),
        .absent("limit", whole, "train on the first examples only", "all"),
        .optional(
          "validation", "test, none, fraction, name or path", "test", "what judges each epoch"),
        .absent("earlyStopping", "mapping", "see earlyStopping"),
        .optional("pictures", "mapping", "{}", "see pictures"),
        .optional("checkpoints", "mapping", "{}", "see checkpoints"),
      ]),
    Section(
      path: "data", summary: "a name of `aegpu data list`, a path, or a mapping of these.",
      fields: [
        .required(
          "path", "name or path", "IDX files or images in a folder, an image, .npy, .npz, .csv"),
        .optional("header", "true or false", "true", "CSV: the first line names the columns"),
        .optional("separator", "one ASCII character, or tab", "','", "CSV: between fields"),
        .absent("columns", "list of names or numbers", "CSV: the features", "all but label"),
        .absent("label", "name or number", "CSV: the column of classes; .npz: the array of labels"),
        .absent(
          "shape", "[height, width, 1 or 3]", "images are brought to it",
          "the input's"),
        .optional(
          "fit", names(ImageFit.self), "squash", "images: what becomes of other proportions"),
        .absent(
          "array", "name", ".npz: the array of examples, as in file.npz:name", "x_train, x, …"),
        .absent("test", "name or path", "other data, whose training examples are the test ones"),
      ]),
    Section(
      path: "corruption.gaussian", summary: "normal noise, drawn anew each step.",
      fields: [
        .optional("mean", "number", "0", ""), .required("deviation", "number from 0", ""),
        .optional("clip", "true or false", "true", "to 0 to 1"),
      ]),
    Section(
      path: "corruption.masking", summary: "a share of the values becomes 0.",
      fields: [.required("rate", "number from 0 to below 1", "the share")]),
    Section(
      path: "encoder.0.dense", summary: "every input to every unit.",
      fields: [.required("units", whole, ""), activation] + initializers),
    Section(
      path: "decoder.0.tiedDense",
      summary: "the weights of the encoder's dense layer opposite, transposed; own biases.",
      fields: [activation, initializers[1]]),
    Section(
      path: "encoder.0.conv2D", summary: "a convolution of [height, width, channels].",
      fields: convolution),
    Section(
      path: "encoder.0.convTranspose2D", summary: "its transpose, which a stride enlarges.",
      fields: convolution),
    Section(path: "encoder.0.maxPool2D", summary: "the largest of a window.", fields: pool),
    Section(path: "encoder.0.averagePool2D", summary: "the mean of a window.", fields: pool),
    Section(
      path: "encoder.0.upsample2D", summary: "an image enlarged.",
      fields: [
        .required("factor", whole, "down and across"),
        .optional("interpolation", names(Interpolation.self), "nearest", ""),
      ]),
    Section(path: "encoder.0.flatten", summary: "an example as a row: `flatten: {}`.", fields: []),
    Section(
      path: "encoder.0.reshape", summary: "an example in another shape.",
      fields: [.required("shape", "list of sizes", "")]),
    Section(
      path: "encoder.0.dropout", summary: "a share of the values becomes 0 in training.",
      fields: [.required("rate", "number from 0 to below 1", "the share")]),
    Section(
      path: "encoder.0.batchNorm", summary: "each feature by its mean and variance in the batch.",
      fields: [
        .optional(
          "momentum", "number from 0 to below 1", "\(BatchNorm().momentum)", "of what stays"),
        .optional("epsilon", "number above 0", "\(BatchNorm().epsilon)", "added to the variance"),
      ]),
    Section(
      path: "encoder.0.gaussianNoise", summary: "normal noise in training.",
      fields: [.required("deviation", "number from 0", "")]),
    Section(
      path: "encoder.0.maskingNoise", summary: "a share of the values becomes 0 in training.",
      fields: [.required("rate", "number from 0 to below 1", "the share")]),
    Section(
      path: "encoder.0.activation", summary: "an activation alone: `activation: relu`.",
      fields: []),
    Section(
      path: "latent.variational", summary: "a normal code, whose mean and variance are encoded.",
      fields: [.required("units", whole, "numbers to a code")] + initializers),
    Section(
      path: "loss", summary: "what is made small.",
      fields: [
        .required("reconstruction", "error", ""),
        .optional(
          "reduction", names(Reduction.self), "mean", "over values and batch"),
        .optional("klWeight", "number from 0", "1", "of a variational code's divergence"),
        .optional("l1", "number from 0", "0", "on the weights"),
        .optional("l2", "number from 0", "0", "on the weights, λ·Σw²/2"),
        .optional("codeL1", "number from 0", "0", "on the code"),
        .absent("sparsity", "mapping", "on a sigmoid code; see loss.sparsity"),
      ]),
    Section(
      path: "loss.sparsity", summary: "how often a unit of the code is active.",
      fields: [
        .required("target", "number between 0 and 1", ""), .required("weight", "number from 0", ""),
      ]),
    Section(path: "optimizer.adam", summary: "Kingma and Ba, 2015.", fields: adam),
    Section(
      path: "optimizer.adamW", summary: "the same with decay of the weights.",
      fields: adam + [.optional("decay", "number from 0", "0.01", "of the weights")]),
    Section(
      path: "optimizer.rmsProp", summary: "by the root of the mean square.",
      fields: [
        adam[0], .optional("rho", "number from 0 to below 1", "0.9", "decay of the mean square"),
        .optional("momentum", "number from 0 to below 1", "0", ""),
        .optional("epsilon", "number above 0", "1e-7", "added to the root"),
      ]),
    Section(
      path: "optimizer.sgd", summary: "down the gradient.",
      fields: [
        adam[0], .optional("momentum", "number from 0 to below 1", "0", ""),
        .optional("nesterov", "true or false", "false", "the gradient is taken ahead"),
      ]),
    Section(
      path: "schedule", summary: "how the learning rate changes.",
      fields: [
        .optional("warmUp", "number from 0", "0", "epochs in which it rises from 0"),
        .optional("decay", "constant, step, exponential or cosine", "{constant: {}}", ""),
      ]),
    Section(
      path: "schedule.decay.step", summary: "by a factor after every so many epochs.",
      fields: [
        .required("epochs", "number above 0", ""), .required("factor", "number above 0", ""),
      ]
    ),
    Section(
      path: "schedule.decay.exponential", summary: "the same, a little each step.",
      fields: [
        .required("epochs", "number above 0", ""), .required("factor", "number above 0", ""),
      ]
    ),
    Section(
      path: "schedule.decay.cosine", summary: "down half a wave.",
      fields: [
        .required("epochs", "number above 0", "until it is at its floor"),
        .optional("floor", "number from 0 to 1", "0", "a share of the learning rate"),
      ]),
    Section(
      path: "earlyStopping", summary: "ends a run whose validation loss no longer falls.",
      fields: [
        .required("patience", whole, "epochs without a lower loss"),
        .optional("minimumDelta", "number from 0", "0", "what counts as lower"),
      ]),
    Section(
      path: "pictures", summary: "what is drawn.",
      fields: [
        .optional(
          "style", "style", "pairs",
          "how reconstructions are laid out, and codes"),
        .absent(
          "every", whole, "epochs between pictures; the last is always drawn",
          "epochs 1, 2, 5, 10, 20, 50, …"),
        .optional("reconstructions", "whole number from 0 to 10000", "100", "how many"),
        .optional("samples", "whole number from 0 to 10000", "0", "decoded from random codes"),
        .absent(
          "corruption", "gaussian or masking", "of what is reconstructed in pictures",
          "the recipe's"),
      ]),
    Section(
      path: "checkpoints", summary: "states to go on from.",
      fields: [
        .optional("every", whole, "1", "epochs; the last is always kept"),
        .absent("steps", whole, "training steps after which the state is kept, too"),
        .optional("keep", "whole number from 0", "3", "how many of the newest stay"),
      ]),
  ]
}
