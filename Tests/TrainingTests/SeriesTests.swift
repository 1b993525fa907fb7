import Datasets
import Plans
import Recipes
import TestFolders
import Testing
import Training

/// Runs on windows of a series are needed.
@Suite(.serialized) struct SeriesTests {
  private static let recipe = """
    name: windows
    data: {window: 6}
    input: [6, 2]
    encoder: [{flatten: {}}, {dense: {units: 7, activation: tanh}}, {dense: {units: 3}}]
    decoder: [{dense: {units: 7, activation: tanh}}, {dense: {units: 12}}, {reshape: {shape: input}}]
    loss: {reconstruction: squaredError}
    optimizer: {adam: {learningRate: 0.01}}
    batchSize: 5
    epochs: 2
    seed: 3
    """

  private func series(rows: Int, missing: Bool = false) -> Examples {
    let values = (0..<rows * 2).map { place in
      missing && place % 9 == 4 ? Float.nan : Float(place * 37 % 101) / 50 - 1
    }
    let starts = (0..<Int32(rows - 5)).filter { $0 % 7 != 3 }
    return Examples(
      count: starts.count, shape: [6, 2], elements: .floats(values),
      windows: SeriesWindows(length: 6, starts: starts))
  }

  /// The same windows copied out.
  private func copied(_ series: Examples) throws -> Examples {
    let values = try #require(series.floats)
    return Examples(
      count: series.count, shape: [6, 2], elements: .floats(series.windowed(values)))
  }

  /// Windows train as the same examples do, to the last bit.
  @Test(arguments: TestDevice.all, [false, true])
  func trainsAsCopiedWindowsDo(_ device: TestDevice, missing: Bool) throws {
    var document = try RecipeDocument(text: Self.recipe, source: "windows")
    if missing { try document.set("data.missing", to: "mask") }
    let recipe = try document.recipe()
    let (training, validation) = (
      series(rows: 40, missing: missing), series(rows: 17, missing: missing)
    )
    let windows = try train(
      recipe, training: training, validation: validation, on: device.open())
    let copies = try train(
      recipe, training: copied(training), validation: copied(validation), on: device.open())
    #expect(windows.error == nil)
    #expect(windows.told.epochs.count == 2)
    #expect(windows.told.epochs.map(\.training) == copies.told.epochs.map(\.training))
    #expect(windows.told.epochs.map(\.validation) == copies.told.epochs.map(\.validation))
    #expect(windows.told.weights == copies.told.weights)
  }

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func input(_ settings: [String: String], rows: Int = 60) throws -> RunInput {
    let lines = (0..<rows).map { "\($0 < 30 ? $0 : $0 + 9),\(2 * $0),\($0 % 5)\n" }
    let text = "t,a,b\n" + lines.joined()
    let path = try folder.write(Array(text.utf8), to: "series.csv")
    var document = try RecipeDocument(text: Self.recipe, source: "windows")
    try document.set("data.path", to: path)
    for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
      try document.set(name, to: value)
    }
    return try RunInput(document, directory: nil)
  }

  @Test func theRunsDataAreWindows() throws {
    let input = try input([
      "data.time": "t", "normalization": "standard", "validation": "{last: 0.25}",
    ])
    // Rows 0 to 29 and 30 to 44 are for training, 45 to 59 for validation.
    #expect(input.data.training.count == 25 + 10 && input.data.training.rowCount == 45)
    #expect(input.data.validation?.count == 10 && input.data.validation?.rowCount == 15)
    #expect(
      input.data.summary == [
        "35 windows of 6 rows, 2 columns of series.csv; 10 windows of the last 15 rows held out for "
          + "validation; scaled to mean 0 and variance 1",
        "1 gap in time (usual step 1): no window crosses it",
      ])
    let scaling = try #require(input.data.scaling)
    #expect(scaling.shift == [44, 2])
    let kept = DataDescription(input.data, scaling, input.recipe.dataOptions)
    #expect(kept.window == 6 && kept.stride == 1 && kept.shape == [6, 2])
    let all = try input.shownExamples(split: .all, directory: nil)
    #expect(all.examples.count == 50 && all.imageShape == nil)
  }

  @Test func limitsWindows() throws {
    let input = try input([
      "limit": "4", "data.stride": "3", "data.ignore": "t", "validation": "none",
    ])
    #expect(input.data.training.windows?.starts == [0, 3, 6, 9])
    #expect(input.data.training.rowCount == 15)
    #expect(
      input.data.summary[0]
        == "the first 4 windows of 6 rows, 2 columns, one every 3 rows, of series.csv (ignored: t); no "
        + "validation")
  }

  @Test func readsTheFields() throws {
    var document = try RecipeDocument(text: Self.recipe, source: "windows")
    #expect(try document.recipe().dataOptions == DataOptions(window: 6))
    try document.set("data.stride", to: "0")
    #expect(throws: RecipeError.self) { try document.recipe() }
    document = try RecipeDocument(text: Self.recipe, source: "windows")
    try document.set("data", to: "{stride: 2}")
    let error = #expect(throws: RecipeError.self) { try document.recipe() }
    #expect("\(error!)".contains("expected the field window, too"))
  }
}
