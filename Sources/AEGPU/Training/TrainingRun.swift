import Datasets
import Devices
import Foundation
import Layers
import Recipes
import Training

/// A training that is kept in a folder while it goes on, as `aegpu train` keeps it: weights, checkpoints,
/// losses by epoch, pictures. One that was interrupted goes on from there.
///
/// ```swift
/// let run = try TrainingRun(Recipe("vae"), on: Dataset("digits"), in: "runs/vae")
/// let model = try run.train { if case .epoch(let done) = $0 { print(done.training.loss) } }
/// ```
///
/// A run serves one thread.
public final class TrainingRun {
  package let prepared: PreparedTraining
  private var state: State

  private enum State {
    /// - `isNumbered`: whether a name that is taken is followed by a number.
    case new(RunFolder, overwrite: Bool, isNumbered: Bool)
    /// A run of so many epochs that goes on.
    case resumed(RunOwner, epoch: Int)
    /// The folder is this run's.
    case open(RunRecorder)
    /// The folder is free for others.
    case ended(RunFolder)
  }

  /// A new run.
  ///
  /// - Parameters:
  ///   - recipe: what is trained; `recipe.setting("checkpoints.steps", to: 500)` keeps the state more often.
  ///   - data: what it is trained on; `nil`: what the recipe names as its `data`. A run on examples that
  ///     are in no file cannot go on when it was interrupted.
  ///   - folder: where it is kept.
  ///   - overwrite: whether a run that is there is replaced.
  ///   - device: what computes.
  ///   - weights: weights to start with: a run's folder, a checkpoint, or a safetensors file with the names
  ///     of aegpu, PyTorch or Keras; `nil`: drawn by the recipe's seed.
  ///   - part: the part of the network that `weights` are for; `nil`: all of it.
  /// - Throws: where something does not fit, the device is not there, or the folder is taken. Nothing is
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

  /// A run that goes on in its folder, from its newest checkpoint that can be read. Where it is on the
  /// device of before, the weights in the end have the bits of a run without a break.
  ///
  /// - Parameters:
  ///   - folder: of a run that `aegpu train` or this library began, or `last`: the newest under `runs/`.
  ///   - epochs: how many in all; `nil`: as many as it was to have.
  ///   - device: what computes; `nil`: the device that it began on.
  /// - Throws: where there is no run, its data are not those of before, or a process trains it.
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
  ///   - folder: `nil`: a name made of the recipe's and the time, with a number where it is taken.
  ///   - directory: where data sets are looked for before the usual folders.
  package convenience init(
    _ document: RecipeDocument, in folder: String?, overwrite: Bool, directory: String?,
    device: DeviceChoice, _ chooser: DeviceChooser, from source: PreparedTraining.Source?
  ) throws {
    let started = Date()
    let path = try folder ?? RunFolder.defaultPath(recipe: document.draft().name, now: started)
    let place =
      folder == nil ? RunFolder(path) : try RunFolder(checking: path, overwrite: overwrite)
    let prepared = try PreparedTraining(
      RunInput(document, directory: directory), directory: directory, from: source, on: device,
      chooser, started: started)
    self.init(prepared, .new(place, overwrite: overwrite, isNumbered: folder == nil))
  }

  /// A run of the command line that goes on.
  package convenience init(
    resuming name: String, directory: String?, device: DeviceChoice?, _ chooser: DeviceChooser,
    changing change: (RecipeDocument) throws -> RecipeDocument
  ) throws {
    self.init(
      try ResumedTraining(name, directory: directory, on: device, chooser, changing: change))
  }

  private convenience init(_ resumed: ResumedTraining) {
    self.init(resumed.prepared, .resumed(resumed.owner, epoch: resumed.epoch))
  }

  private init(_ prepared: PreparedTraining, _ state: State) {
    (self.prepared, self.state) = (prepared, state)
  }

  /// A part of the network.
  public enum Part: String, Hashable, Sendable, CaseIterable {
    /// With what makes a code of its output.
    case encoder
    case decoder

    var own: NetworkPart {
      switch self {
      case .encoder: .encoder
      case .decoder: .decoder
      }
    }
  }

  /// What the device is called.
  public var deviceName: String { prepared.backend.device.name }

  /// What a person should know before it starts, a sentence each.
  public var notes: [String] { prepared.notes }

  /// The folder; where a new run's name is taken, it has a number once the run is open.
  public var folder: String {
    switch state {
    case .new(let folder, _, _), .ended(let folder): folder.path
    case .resumed(let owner, _): owner.folder.path
    case .open(let recorder): recorder.folder.path
    }
  }

  /// Takes the folder and writes the first files, once.
  /// - Throws: where the folder is taken, cannot be written, or the run has ended.
  package func open() throws -> RunRecorder {
    var environment = prepared.environment
    let (owner, epoch): (RunOwner, Int)
    switch state {
    case .open(let recorder): return recorder
    case .ended(let folder):
      throw AutoencoderError("\(folder.path): expected a run that did not train yet")
    case .new(let folder, let overwrite, let isNumbered):
      let record = try environment.text()
      owner =
        overwrite
        ? try RunOwner.overwrite(folder, recipe: prepared.text, environment: record)
        : try RunOwner.create(
          folder, recipe: prepared.text, environment: record, isNumbered: isNumbered)
      epoch = 0
    case .resumed(let own, let done):
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

  /// Leaves the folder to others.
  func end() { state = .ended(RunFolder(folder)) }
}
