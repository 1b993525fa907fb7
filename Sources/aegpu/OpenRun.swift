import Analyses
import ArgumentParser
import Datasets
import Graphs
import Layers
import Plans
import Recipes
import Reports
import Training

/// A run that a command opened: its model and ways to its data.
final class OpenRun {
  let saved: SavedRun
  private let place: PlaceOptions
  private let backend: any Backend
  /// The run's own data, which are read where they are what is asked about.
  private lazy var loaded = Result { try RunInput(saved.recipe, directory: place.dataDir) }
  /// What the model must know of its data: as the run keeps it, or, of a run of an older version, taken
  /// of them anew.
  private lazy var description = Result {
    if let kept = saved.description { return kept }
    let (recipe, data) = try (loaded.get().recipe, loaded.get().data)
    let normalization = recipe.model.normalization
    let scaling = FeatureScaling(
      data.training, byteScale: recipe.preparation.byteScale, shift: normalization.shift,
      factor: normalization.factor)
    return DataDescription(data, scaling, recipe.dataOptions)
  }
  private lazy var preparation = Result {
    try ExamplePreparation(saved.recipe, description.get())
  }

  var recipe: Recipe { saved.recipe }
  var path: String { saved.folder }

  convenience init(_ options: RunOptions) throws {
    try self.init(options.run, options.place)
  }

  init(_ name: String, _ place: PlaceOptions) throws {
    self.place = place
    saved = try SavedRun(named: name)
    if let note = saved.note { Program.complain(note) }
    backend = try place.device.open(for: saved.recipe)
  }

  /// What the model is asked on.
  var device: DeviceInformation { backend.device }

  func shown(_ options: ShownOptions) throws -> ShownExamples {
    func later(_ name: String) throws -> ShownExamples {
      let shown = try preparation.get().examples(
        of: name, split: options.split, directory: place.dataDir)
      for note in shown.notes { Program.complain("\(shown.data): \(note)") }
      return shown
    }
    switch options.data {
    case nil:
      return try loaded.get().shownExamples(
        split: options.split, directory: place.dataDir)
    case "-"?: return try StandardInput.withFile(later)
    case let name?: return try later(name)
    }
  }

  /// What the classes of the data that trained are called.
  var classNames: [String]? { try? preparation.get().classNames }

  /// The examples that trained.
  func training() throws -> ShownExamples {
    try loaded.get().shownExamples(split: .train, directory: place.dataDir)
  }

  /// - Parameter recipe: another than the run's, whose model has the same weights.
  func model(
    _ recipe: Recipe? = nil, shown: Examples? = nil, training: Examples? = nil
  ) throws -> TrainedModel {
    try TrainedModel(
      recipe ?? self.recipe, saved.weights, description.get(), shown: shown, training: training,
      on: backend)
  }

  /// Examples as those that trained came to the model.
  func prepared(_ examples: Examples, name: String) throws -> Examples {
    try preparation.get().prepared(examples, name: name)
  }

  /// What the model made of prepared examples, as a person would look at it.
  func restored(_ values: [Float]) throws -> [Float] {
    try preparation.get().restored(values)
  }

  func subject(_ shown: ShownExamples) -> Subject {
    Subject(run: path, data: shown.data, split: shown.split.rawValue)
  }

  /// What a JSON object says of what it is about.
  func facts(_ shown: ShownExamples) -> [(name: String, value: String)] {
    [("run", path), ("data", shown.data), ("split", shown.split.rawValue)]
  }

  /// How what the model makes is written.
  func facts(of shown: ShownExamples? = nil) -> ExampleFacts {
    let byteScale = recipe.preparation.byteScale
    let preparation = try? preparation.get()
    let featureNames = shown == nil ? preparation?.featureNames : shown?.featureNames
    // Without examples to go by, those of bytes.
    let range = shown?.restored.imageRange(byteScale: byteScale) ?? 0...255 * byteScale
    let imageShape = featureNames == nil ? recipe.inputImageShape : nil
    return ExampleFacts(
      imageShape: shown.map(\.imageShape) ?? imageShape, input: recipe.model.input,
      featureNames: featureNames, window: recipe.dataOptions.window, range: range,
      scaling: preparation?.scaling,
      pictureFolder: path + "/images", facts: shown.map(facts) ?? [("run", path)])
  }
}

extension ShownExamples {
  /// The examples as a person would look at them.
  fileprivate var restored: Examples {
    guard let scaling, case .floats(let values) = examples.elements else { return examples }
    return examples.with(
      elements: .floats(scaling.restored(values).map { Float($0) }), labels: examples.labels)
  }

  /// For a person: `digits, test`.
  var text: String { "\(data), \(split.rawValue)" }
}

extension ShownExamples.Split: ExpressibleByArgument {}
