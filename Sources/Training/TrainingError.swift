import Datasets
import Graphs

/// What can go wrong with a training run and its files.
package enum TrainingError: Error, Hashable, Sendable {
  /// A tensor that does not have the shape that the model gives it.
  package struct Misshaped: Hashable, Sendable {
    package let name: String
    package let expected: Shape
    package let received: Shape
  }

  case unreadable(path: String, reason: String)
  /// A file that is no safetensors file, or not one of ours.
  case safetensors(path: String, expected: String, received: String)
  /// Weights that are not those of the model.
  case weights(path: String, missing: [String], extra: [String], misshaped: [Misshaped])
  /// Weights that follow the names of another program and are not those of the model.
  case foreignWeights(path: String, convention: String, expected: String, received: String)
  /// A tensor of a file has an element that is infinite or NaN.
  case notFinite(path: String, tensor: String, value: Float)
  /// The examples are not what the recipe's network takes.
  case examples(data: String, expected: Shape, received: Shape)
  /// No data are named, neither by the recipe nor with the run.
  case noData(recipe: String)
  /// Examples that are judged by cross-entropy and are no numbers from 0 to 1.
  case targets(data: String, error: String, least: Double, greatest: Double)
  /// A model reads the class of each example, of which these have none that it knows.
  case labels(data: String, classes: Int, received: String)
  /// Early stopping watches a loss that there is none of.
  case nothingToWatch(recipe: String)
  /// A loss or gradient is not finite: at this step of the run, counted from 1, with this loss.
  /// - `finding`: what a look at the step says of why.
  case diverged(step: Int, phase: String? = nil, loss: Double?, finding: String? = nil)
  /// A phase that moves nothing that its model has.
  case idlePhase(recipe: String, phase: String)
  /// A phase that moves parameters between which others lie.
  case scatteredPhase(recipe: String, phase: String, moves: [String])
  /// The validation loss is not finite after this step.
  case validationDiverged(step: Int, loss: Double)
  case outputExists(path: String)
  /// A run would go on with other data than it began with.
  case otherData(path: String)
  /// Another process trains in this folder.
  case isTraining(path: String)
  /// `--overwrite` names something that no run made.
  case notARun(path: String)
  case unwritable(path: String, reason: String)
  /// No run lies there.
  case nothingNamed(name: String)
  /// A run that has left no weights yet.
  case withoutWeights(folder: String)
  /// Bytes beside other numbers, which have no common scale.
  case mixedExamples(data: String)
  /// Test examples were asked for of data that have none.
  case noTestExamples(data: String)
}

extension TrainingError: CustomStringConvertible {
  /// One sentence: what was expected, what was received, what to do.
  package var description: String {
    switch self {
    case .unreadable(let path, let reason):
      return "\(path): expected a file that can be read, received \(reason); check the path"
    case .safetensors(let path, let expected, let received):
      return "\(path): expected \(expected), received \(received); write the file again"
    case .weights(let path, let missing, let extra, let misshaped):
      var faults: [String] = []
      if !missing.isEmpty {
        let names = missing.map { name in
          name + (Spelling.nearest(to: name, of: extra).map { " (nearest: \($0))" } ?? "")
        }
        faults.append("missing " + names.joined(separator: ", "))
      }
      if !extra.isEmpty { faults.append("extra " + extra.joined(separator: ", ")) }
      faults += misshaped.map { "\($0.name) \($0.received), which is \($0.expected) here" }
      return "\(path): expected the weights of this recipe's network, received "
        + "\(faults.joined(separator: "; ")); take weights of the same network"
    case .foreignWeights(let path, let convention, let expected, let received):
      return
        "\(path): expected, by names of \(convention), \(expected), received \(received); take "
        + "weights of the same network, or give them the names that aegpu summary shows"
    case .notFinite(let path, let tensor, let value):
      return
        "\(path): expected finite weights, received \(value) in \(tensor); take the weights of a "
        + "run that did not diverge"
    case .examples(let data, let expected, let received):
      let wanted =
        received.count == expected.count
        ? "images of the recipe's input \(expected)"
        : "examples of \(expected.count) values, as the recipe's input \(expected) says"
      let fits =
        received.rank == 1 && expected.rank == 1 && received.count != expected.count
        ? "train the recipe table, which fits any table, or leave out input and give the decoder's "
          + "last layer units: input"
        : "choose other data, or change input and the decoder's last layer"
      return "\(data): expected \(wanted), received \(received); \(fits)"
    case .noData(let recipe):
      return "data: expected a data set's name or a path, received none, as the recipe \(recipe) "
        + "names no data; name them with --data"
    case .targets(let data, let error, let least, let greatest):
      return "\(data): expected values from 0 to 1 for loss.reconstruction \(error), received "
        + "values from \(least) to \(greatest); set loss.reconstruction to squaredError (and leave "
        + "out a last sigmoid), or scale the data to 0 to 1 (normalization unit does so for bytes)"
    case .labels(let data, let classes, let received):
      return "\(data): expected a label from 0 to \(classes - 1) for each example, as the recipe's "
        + "classes: \(classes) says, received \(received); name the column of labels (data.label), or set "
        + "classes"
    case .nothingToWatch(let recipe):
      return "earlyStopping: expected a validation loss to watch, received no validation examples "
        + "for \(recipe); set validation to a fraction such as 0.1 or to other data, or leave out "
        + "earlyStopping"
    case .diverged(let step, let phase, let loss, let finding):
      let received =
        loss.map { $0.isFinite ? nil : "the loss \($0.isNaN ? "nan" : "\($0)")" } ?? nil
      return "training: expected a finite loss and gradient, received "
        + "\(received ?? "one that is not") at step \(step)" + (phase.map { ", phase \($0)" } ?? "")
        + "; \(finding ?? "lower the learning rate")"
    case .idlePhase(let recipe, let phase):
      return "recipe \(recipe): phases: expected parts with weights that \(phase) moves, received "
        + "none; name some in moves"
    case .scatteredPhase(let recipe, let phase, let moves):
      return "recipe \(recipe): phases: expected parts side by side that \(phase) moves, received "
        + "\(moves.joined(separator: ", ")) with others between; give parts another order"
    case .validationDiverged(let step, let loss):
      return "training: expected a finite validation loss, received \(loss) after step \(step); "
        + "lower the learning rate or look for outliers in the validation data"
    case .outputExists(let path):
      return "\(path): expected a folder that does not exist yet, received one with files in it; "
        + "choose another --output, or replace that run with --overwrite"
    case .otherData(let path):
      return
        "\(path): expected the data that the run began with, received other contents; put them "
        + "back, or start a new run"
    case .isTraining(let path):
      return "\(path): expected a run that no process is training, received one that is; wait for "
        + "its end, or stop it first"
    case .notARun(let path):
      return
        "\(path): expected the folder of an earlier run to overwrite, received something else; "
        + "choose another --output"
    case .nothingNamed(let name):
      return name == "last"
        ? "last: expected a run under runs/, found none; train one, or name a run's folder"
        : "\(name): expected a run's folder, a weights or checkpoint file in one, or last; found "
          + "nothing there"
    case .withoutWeights(let folder):
      return "\(folder): expected weights.safetensors or a checkpoint in the run's folder, found "
        + "neither; wait for its first checkpoint, or name another run"
    case .mixedExamples(let data):
      return "\(data): expected training and test examples of one kind, received bytes and other "
        + "numbers; ask for train or test"
    case .noTestExamples(let data):
      return "\(data): expected test examples, received data without; ask for train or all"
    case .unwritable(let path, let reason):
      return "\(path): expected a folder that can be written, received: \(reason); check the path "
        + "and its permissions"
    }
  }
}
