import Datasets
import Devices
import Foundation
import Layers
import Ranks
import Recipes
import Training

/// A training in a run folder, as `aegpu train` does it: it writes weights, checkpoints, losses by
/// epoch and pictures while it trains. An interrupted run can be resumed from its folder.
///
/// ```swift
/// let run = try TrainingRun(Recipe("vae"), on: Dataset("digits"), in: "runs/vae")
/// let model = try run.train { if case .epoch(let done) = $0 { print(done.training.loss) } }
/// ```
///
/// A run can be used by only one thread.
public final class TrainingRun {
  package let prepared: PreparedTraining
  private var state: State
  /// Whether the error that ended the training is one that all ranks find.
  package internal(set) var endsOnAllRanks = false

  private enum State {
    /// - `isNumbered`: whether to append a number to a name that exists.
    case new(RunFolder, overwrite: Bool, isNumbered: Bool)
    /// A resumed run with this many completed epochs.
    case resumed(RunOwner?, epoch: Int)
    /// The folder is open for writing.
    case open(RunRecorder)
    /// The folder is released.
    case ended(RunFolder)
  }

  /// A new run.
  ///
  /// - Parameters:
  ///   - recipe: the recipe; `recipe.setting("checkpoints.steps", to: 500)` keeps the state more
  ///     often.
  ///   - data: the training data; `nil`: the data of the recipe. A run on examples that are not in
  ///     files cannot be resumed.
  ///   - folder: the run folder.
  ///   - overwrite: whether to replace an existing run.
  ///   - device: the device that trains.
  ///   - weights: initial weights: a run folder, a checkpoint, or a safetensors file with the names
  ///     of aegpu, PyTorch or Keras; `nil`: drawn by the recipe's seed.
  ///   - part: the part of the network that gets `weights`; `nil`: the whole network.
  /// - Throws: if something does not fit, the device is missing, or the folder exists. Nothing is
  ///   written yet.
  public convenience init(
    _ recipe: Recipe, on data: Dataset? = nil, in folder: String, overwrite: Bool = false,
    device: Device = .automatic, startingWith weights: String? = nil, for part: Part? = nil
  ) throws(AutoencoderError) {
    let (prepared, place) = try telling {
      let place = try RunFolder(checking: folder, overwrite: overwrite)
      let input =
        try data.map { try RunInput(recipe.document, on: $0.content) }
        ?? RunInput(recipe.document, directory: nil)
      let source = weights.map { PreparedTraining.Source($0, parts: part.map { [$0.own] } ?? []) }
      return (
        try PreparedTraining(input, from: source, on: device.choice, Device.chooser), place
      )
    }
    self.init(prepared, .new(place, overwrite: overwrite, isNumbered: false))
  }

  /// Resumes a run in its folder, from its newest readable checkpoint. On the same device, the
  /// final weights have the same bits as without the interruption.
  ///
  /// - Parameters:
  ///   - folder: the folder of a run of `aegpu train` or of this library, or `last`: the newest
  ///     under `runs/`.
  ///   - epochs: the total number of epochs; `nil`: as before.
  ///   - device: the device that trains; `nil`: the device of the run.
  /// - Throws: if there is no run, its data have changed, or a process trains it.
  public convenience init(
    resuming folder: String, epochs: Int? = nil, device: Device? = nil
  ) throws(AutoencoderError) {
    let resumed = try telling {
      try ResumedTraining(folder, directory: nil, on: device?.choice, Device.chooser) {
        var document = $0
        if let epochs { try document.set("epochs", to: "\(epochs)", option: "epochs: \(epochs)") }
        return document
      }
    }
    self.init(resumed)
  }

  /// A new run of the command line.
  /// - Parameters:
  ///   - folder: `nil`: a name from the recipe's name and the time, with a number if it exists.
  ///   - directory: a folder to search for data sets before the usual ones.
  ///   - memory: how much memory the run may have.
  package convenience init(
    _ document: RecipeDocument, in folder: String?, overwrite: Bool, directory: String?,
    memory: MemoryLimit = .free, device: DeviceChoice, _ chooser: DeviceChooser,
    with ranks: RankGroup? = nil, from source: PreparedTraining.Source?
  ) throws {
    let started = Date()
    let path = try folder ?? RunFolder.defaultPath(recipe: document.draft().name, now: started)
    let place =
      folder == nil ? RunFolder(path) : try RunFolder(checking: path, overwrite: overwrite)
    let prepared = try PreparedTraining(
      RunInput(document, directory: directory, memory: memory), directory: directory,
      memory: memory, from: source, on: device, chooser, with: ranks, started: started)
    self.init(prepared, .new(place, overwrite: overwrite, isNumbered: folder == nil))
  }

  /// A resumed run of the command line.
  package convenience init(
    resuming name: String, directory: String?, memory: MemoryLimit = .free, device: DeviceChoice?,
    _ chooser: DeviceChooser, with ranks: RankGroup? = nil,
    changing change: (RecipeDocument) throws -> RecipeDocument
  ) throws {
    self.init(
      try ResumedTraining(
        name, directory: directory, memory: memory, on: device, chooser, with: ranks,
        changing: change))
  }

  private convenience init(_ resumed: ResumedTraining) {
    self.init(resumed.prepared, .resumed(resumed.owner, epoch: resumed.epoch))
  }

  private init(_ prepared: PreparedTraining, _ state: State) {
    (self.prepared, self.state) = (prepared, state)
  }

  /// A part of the network.
  public enum Part: String, Hashable, Sendable, CaseIterable {
    /// The encoder, with the layers that make the code from its output.
    case encoder
    case decoder

    var own: NetworkPart {
      switch self {
      case .encoder: .encoder
      case .decoder: .decoder
      }
    }
  }

  /// The name of the device.
  public var deviceName: String { prepared.backend.device.name }

  /// Notes for the user before it starts, one sentence each.
  public var notes: [String] { prepared.notes }

  /// The folder; if the name of a new run exists, it gets a number when the run is opened.
  public var folder: String {
    switch state {
    case .new(let folder, _, _), .ended(let folder): folder.path
    case .resumed(let owner, _): owner?.folder.path ?? ""
    case .open(let recorder): recorder.folder.path
    }
  }

  /// Opens the folder and writes the first files, once.
  /// - Throws: if the folder exists or cannot be written, or the run has ended.
  package func open() throws -> RunRecorder {
    var environment = prepared.environment
    let (owner, epoch): (RunOwner, Int)
    switch state {
    case .open(let recorder): return recorder
    case .ended(let folder):
      throw AutoencoderError(
        "\(folder.path): expected a run that was not trained yet, received one that was")
    case .new(let folder, let overwrite, let isNumbered):
      let record = try environment.text()
      owner =
        overwrite
        ? try RunOwner.overwrite(folder, recipe: prepared.text, environment: record)
        : try RunOwner.create(
          folder, recipe: prepared.text, environment: record, isNumbered: isNumbered)
      epoch = 0
    case .resumed(let own, let done):
      guard let own else { preconditionFailure("only the first rank writes files") }
      environment.changed = Date()
      try environment.write(to: own.folder, recipe: prepared.text)
      (owner, epoch) = (own, done)
    }
    let recorder = try RunRecorder(
      owner, recipe: prepared.text, environment: environment,
      keep: prepared.recipe.checkpoints.keep, keepingEpochs: epoch)
    state = .open(recorder)
    return recorder
  }

  /// Releases the folder.
  func end() { state = .ended(RunFolder(folder)) }
}
