import Datasets
import Graphs

/// An error of a training run or its files.
package enum TrainingError: Error, Hashable, Sendable {
  /// A tensor that does not have the shape of the model's.
  package struct Misshaped: Hashable, Sendable {
    package let name: String
    package let expected: Shape
    package let received: Shape
  }

  case unreadable(path: String, reason: String)
  /// A file that is not a safetensors file, or not one of aegpu.
  case safetensors(path: String, expected: String, received: String)
  /// Weights that do not fit the model.
  case weights(path: String, missing: [String], extra: [String], misshaped: [Misshaped])
  /// Weights with the names of another program that do not fit the model.
  case foreignWeights(path: String, convention: String, expected: String, received: String)
  /// A tensor in a file has an infinite or NaN element.
  case notFinite(path: String, tensor: String, value: Float)
  /// The examples do not fit the recipe's network.
  case examples(data: String, expected: Shape, received: Shape)
  /// Neither the recipe nor the command names data.
  case noData(recipe: String)
  /// Cross-entropy needs examples from 0 to 1, and these are not.
  case targets(data: String, error: String, least: Double, greatest: Double)
  /// The model reads the class of each example, and these have no labels or unknown ones.
  case labels(data: String, classes: Int, received: String)
  /// Early stopping needs a validation loss, and there is none.
  case nothingToWatch(recipe: String)
  /// A loss or gradient is not finite: at this step of the run, counted from 1, with this loss.
  /// - `finding`: the finding of a replay of the step.
  case diverged(step: Int, phase: String? = nil, loss: Double?, finding: String? = nil)
  /// A phase that updates none of the model's parameters.
  case idlePhase(recipe: String, phase: String)
  /// A phase whose parameters are not contiguous.
  case scatteredPhase(recipe: String, phase: String, moves: [String])
  /// The validation loss is not finite after this step.
  /// - `finding`: the finding of a replay of the batch.
  case validationDiverged(step: Int, loss: Double, finding: String?)
  case outputExists(path: String)
  case outputIsFile(path: String)
  /// A resumed run has other data than before.
  case otherData(path: String)
  /// Another process trains in this folder.
  case isTraining(path: String)
  /// `--overwrite` names a folder that is not a run's.
  case notARun(path: String)
  case unwritable(path: String, reason: String)
  /// There is no such run.
  case nothingNamed(name: String)
  /// A run without weights so far.
  case withoutWeights(folder: String)
  /// Bytes and other numbers, which have no common scale.
  case mixedExamples(data: String)
  /// Test examples are requested of data without any.
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
      faults += misshaped.map {
        "\($0.name) \($0.received), which is \($0.expected) in the network"
      }
      return "\(path): expected the weights of this recipe's network, received "
        + "\(faults.joined(separator: "; ")); use weights of the same network"
    case .foreignWeights(let path, let convention, let expected, let received):
      return
        "\(path): expected, in the naming of \(convention), \(expected), received \(received); use "
        + "weights of the same network, or give them the names that aegpu summary shows"
    case .notFinite(let path, let tensor, let value):
      return
        "\(path): expected finite weights, received \(value) in \(tensor); use the weights of a "
        + "run that did not diverge"
    case .examples(let data, let expected, let received):
      let wanted =
        received.count == expected.count
        ? "images of the recipe's input shape \(expected)"
        : "examples of \(expected.count) values for the recipe's input \(expected)"
      let fits =
        received.rank == 1 && expected.rank == 1 && received.count != expected.count
        ? "train the recipe table, which works for any table, or leave input out and give the decoder's "
          + "last layer units: input"
        : "choose other data, or change input and the decoder's last layer"
      return "\(data): expected \(wanted), received \(received); \(fits)"
    case .noData(let recipe):
      return "data: expected a data set's name or a path, received none, and the recipe \(recipe) "
        + "names no data; name them with --data"
    case .targets(let data, let error, let least, let greatest):
      return "\(data): expected values from 0 to 1 for loss.reconstruction \(error), received "
        + "values from \(least) to \(greatest); set loss.reconstruction to squaredError (and leave "
        + "out a last sigmoid), or scale the data to 0 to 1 (normalization unit does so for bytes)"
    case .labels(let data, let classes, let received):
      return
        "\(data): expected a label from 0 to \(classes - 1) for each example, as the recipe has "
        + "classes: \(classes), received \(received); name the column of labels (data.label), or set "
        + "classes"
    case .nothingToWatch(let recipe):
      return "earlyStopping: expected a validation loss, received no validation examples "
        + "for \(recipe); set validation to a fraction such as 0.1 or to other data, or leave out "
        + "earlyStopping"
    case .diverged(let step, let phase, let loss, let finding):
      let received =
        loss.map { $0.isFinite ? nil : "the loss \($0.isNaN ? "nan" : "\($0)")" } ?? nil
      return "training: expected a finite loss and gradient, received "
        + "\(received ?? "a value that is not finite") at step \(step)"
        + (phase.map { ", phase \($0)" } ?? "")
        + "; \(finding ?? "lower the learning rate")"
    case .idlePhase(let recipe, let phase):
      return
        "recipe \(recipe): phases: expected parts with weights for \(phase) to update, received "
        + "none; name some in moves"
    case .scatteredPhase(let recipe, let phase, let moves):
      return "recipe \(recipe): phases: expected adjacent parts for \(phase) to update, received "
        + "\(moves.joined(separator: ", ")) with other parts between; change the order of the parts"
    case .validationDiverged(let step, let loss, let finding):
      return "training: expected a finite validation loss, received \(loss) after step \(step); "
        + (finding
          ?? "lower the learning rate or look for outliers in the validation data")
    case .outputIsFile(let path):
      return "\(path): expected a folder, or a path where none is yet, received a file; choose "
        + "another --output"
    case .outputExists(let path):
      return
        "\(path): expected a folder that does not exist yet, received one that contains files; "
        + "choose another --output, or replace that run with --overwrite"
    case .otherData(let path):
      return
        "\(path): expected the data of the run's start, received other contents; restore them, or start "
        + "a new run"
    case .isTraining(let path):
      return
        "\(path): expected a run that no process is training, received one that is being trained; "
        + "wait until it ends, or stop it first"
    case .notARun(let path):
      return
        "\(path): expected the folder of an earlier run to overwrite, received something else; "
        + "choose another --output"
    case .nothingNamed(let name):
      return name == "last"
        ? "last: expected a run under runs/, found none; train one, or name a run folder"
        : "\(name): expected a run folder, a weights or checkpoint file in one, or last; found "
          + "nothing there"
    case .withoutWeights(let folder):
      return "\(folder): expected weights.safetensors or a checkpoint in the run folder, found "
        + "neither; wait for its first checkpoint, or name another run"
    case .mixedExamples(let data):
      return "\(data): expected training and test examples of one type, received bytes and other "
        + "numbers; use --split train or --split test"
    case .noTestExamples(let data):
      return
        "\(data): expected test examples, received data without any; use --split train or --split all"
    case .unwritable(let path, let reason):
      return "\(path): expected a folder that can be written, received: \(reason); check the path "
        + "and its permissions"
    }
  }
}
