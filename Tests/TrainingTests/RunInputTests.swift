import Datasets
import Foundation
import Recipes
import TestFolders
import Testing
import Training

/// A recipe and the user's data, each adapted to the other, and the notes about it.
@Suite struct RunInputTests {
  private func document(_ settings: [String: String] = [:]) throws -> RecipeDocument {
    var document = try RecipeDocument(named: "table")
    for (path, value) in settings.sorted(by: { $0.key < $1.key }) {
      try document.set(path, to: value)
    }
    return document
  }

  private func input(
    _ text: String, _ settings: [String: String] = [:]
  ) throws -> RunInput {
    let folder = try TemporaryFolder()
    let path = try folder.write(Array(text.utf8), to: "sensors.csv")
    return try RunInput(
      document(settings.merging(["data.path": path]) { $1 }), directory: nil)
  }

  private func message(_ text: String, _ settings: [String: String] = [:]) -> String? {
    do {
      _ = try input(text, settings)
      return nil
    } catch {
      let text = "\(error)"
      return text.range(of: "sensors.csv").map { "sensors.csv" + text[$0.upperBound...] } ?? text
    }
  }

  private static let sensors =
    "date,a,b,state\n"
    + (0..<10).map { "2024-01-\($0),\(1_700_000_000 + $0 * $0),2,\($0 < 5 ? "on" : "off")\n" }
    .joined()

  @Test func tableFollowsItsData() throws {
    let input = try input(
      Self.sensors,
      ["data.label": "state", "data.ignore": "[date]", "validation": "0.2", "seed": "3"])
    #expect(input.recipe.model.input == [2])
    #expect(input.recipe.model.normalization == .none)
    #expect(input.data.isScaled)
    #expect(input.data.training.count == 8 && input.data.validation?.count == 2)
    #expect(input.data.heldOutRows?.count == 2)
    #expect(
      input.data.summary == [
        "10 rows, 2 columns of sensors.csv (label: state, 2 classes; ignored: date); 2 of them held "
          + "out for validation by seed 3, stratified by class; scaled to mean 0 and variance 1",
        "1 column is constant and becomes 0 when scaled: b",
      ])
    // The file is written out, and is the recipe of the run.
    let text = try #require(input.document).text()
    #expect(text.contains("input: [2]") || text.contains("input:\n- 2"))
    #expect(!text.contains("units: input"))
    let again = try RecipeDocument(text: text, source: "again").recipe()
    #expect(again.withoutNormalization == input.recipe)
    #expect(again.model.normalization == .standard)
    let kept = try #require(input.data.scaling)
    #expect(kept.shift.count == 2 && kept.shift[0] > 1.69e9 && kept.factor[1] == 1)
    guard case .floats(let values) = input.data.training.elements else {
      Issue.record("no floats")
      return
    }
    let first = values.enumerated().filter { $0.offset % 2 == 0 }.map { Double($0.element) }
    #expect(abs(first.reduce(0) { $0 + $1 * $1 } / 8 - 1) < 1e-6)
  }

  @Test func theLastPartWhereItIsSaid() throws {
    let input = try input("a,b\n1,2\n3,4\n5,7\n6,9\n", ["validation": "{last: 0.5}"])
    #expect(input.data.heldOutRows == [2, 3])
    #expect(
      input.data.summary == [
        "4 rows, 2 columns of sensors.csv; the last 2 of them held out for validation; scaled to mean "
          + "0 and variance 1"
      ])
  }

  /// The rows held out for validation depend only on the seed.
  @Test func splitIsTheSeedsAlone() throws {
    let settings = ["data.label": "state", "data.ignore": "date", "validation": "0.3"]
    let rows = try input(Self.sensors, settings).data.heldOutRows
    for more in [["epochs": "7"], ["batchSize": "2"], ["shuffle": "false"], ["loss.l2": "0.1"]] {
      #expect(try input(Self.sensors, settings.merging(more) { $1 }).data.heldOutRows == rows)
    }
  }

  @Test func laterColumnsAreMatchedByName() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Array("h,w\n1,60\n2,70\n".utf8), to: "a.csv")
    let other = try folder.write(Array("w,age,h\n70,9,2\n".utf8), to: "b.csv")
    let input = try RunInput(
      document(["data": path, "validation": other]), directory: nil)
    #expect(input.data.validation?.elements == .floats([1, 1]))
    #expect(
      input.data.summary == [
        "2 rows, 2 columns of a.csv; validation on 1 row, 2 columns of b.csv; scaled to mean 0 and "
          + "variance 1", "b.csv: 1 column that the model was not trained on is ignored: age",
      ])
    try folder.write(Array("h\n2\n".utf8), to: "b.csv")
    let error = #expect(throws: DatasetError.self) {
      try RunInput(self.document(["data": path, "validation": other]), directory: nil)
    }
    #expect(
      error?.description
        == "\(other): expected the columns of the training data, which are matched by name, received "
        + "no column w; use the column names of the training data")
  }

  /// Whatever stays in its files: doubles are scaled as they are read, and missing values filled.
  @Test(arguments: ["training", "validation"]) func fillsWhatStaysInFiles(missing: String) throws {
    let folder = try TemporaryFolder()
    func file(_ hasMissing: Bool, _ name: String) throws -> String {
      let values = (0..<60).map { hasMissing && $0 % 7 == 3 ? Float.nan : Float($0 * $0 % 31) }
      return try folder.write(
        npy("<f4", "(20, 3)", littleEndian(values)), to: name)
    }
    let document = try document([
      "data": "{path: \(file(missing == "training", "a.npy")), missing: mean}",
      "validation": file(missing == "validation", "b.npy"),
    ])
    var memory = MemoryLimit.free
    memory.staysInFiles = true
    let stored = try RunInput(document, directory: nil, memory: memory).data
    let resident = try RunInput(document, directory: nil).data
    #expect(stored.training.stored != nil && !stored.training.hasMissing)
    #expect(stored.scaling == resident.scaling && stored.scaling != nil)
    #expect(try stored.training.loaded() == resident.training)
    #expect(try stored.validation?.loaded() == resident.validation)
  }

  /// Who scales does not depend on where the data are: a run is used with another amount of memory.
  @Test(arguments: [nil, 15]) func masksWhatStaysInFiles(limit: Int?) throws {
    let folder = try TemporaryFolder()
    // Missing in row 17.
    let values = (0..<60).map { $0 == 52 ? Float.nan : Float($0 * $0 % 31) / 7 }
    let path = try folder.write(npy("<f4", "(20, 3)", littleEndian(values)), to: "a.npy")
    let whole = try folder.write(
      npy("<i4", "(2, 3)", littleEndian([Int32](repeating: 1, count: 6))), to: "b.npy")
    // A device has no doubles, as which whole numbers are read.
    var fields = [
      "data": "{path: \(path), missing: mask}", "validation": limit == nil ? "none" : whole,
    ]
    if let limit { fields["limit"] = "\(limit)" }
    let document = try document(fields)
    var memory = MemoryLimit.free
    memory.staysInFiles = true
    let stored = try RunInput(document, directory: nil, memory: memory).data
    let resident = try RunInput(document, directory: nil).data
    #expect(stored.training.stored != nil)
    #expect(stored.training.hasMissing == (limit == nil))
    #expect(stored.training.hasMissing == resident.training.hasMissing)
    #expect((stored.scaling == nil) == (limit == nil))
    #expect((stored.scaling == nil) == (resident.scaling == nil))
    let scalings = [stored, resident].map {
      $0.scaling ?? FeatureScaling($0.training, byteScale: 1, shift: true, factor: true)
    }
    // Without missing values, the sums are those of blocks.
    for values in [\FeatureScaling.shift, \.factor] {
      let (one, other) = (scalings[0][keyPath: values], scalings[1][keyPath: values])
      #expect(one.count == 3)
      #expect(zip(one, other).allSatisfy { abs($0 - $1) <= 1e-14 * abs($1) })
    }
    // It is small, whatever the training data are.
    #expect(stored.validation?.count == resident.validation?.count)
    #expect(stored.validation?.stored == nil)
  }

  @Test func missingValuesAreFilledFromWhatTrains() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Array("a,b\n1,1\n,2\n3,3\n".utf8), to: "a.csv")
    let other = try folder.write(Array("a,b\n,9\n".utf8), to: "b.csv")
    let input = try RunInput(
      document([
        "data": "{path: \(path), missing: mean}", "validation": other, "normalization": "none",
      ]), directory: nil)
    #expect(input.data.training.elements == .floats([1, 1, 2, 2, 3, 3]))
    #expect(input.data.validation?.elements == .floats([2, 9]))
    #expect(input.data.scaling?.fill == [2, 2])
    #expect(
      input.data.summary.dropFirst() == [
        "1 missing value in 1 column filled with the training data's mean of the column",
        "b.csv: 1 missing value in 1 column filled with the training data's mean of the column",
      ])
    let masked = try RunInput(
      document([
        "data": "{path: \(path), missing: mask}", "validation": "none", "normalization": "mean",
      ]), directory: nil)
    guard case .floats(let values) = masked.data.training.elements else {
      Issue.record("no floats")
      return
    }
    #expect(masked.data.training.hasMissing && values[2].isNaN)
    #expect(masked.recipe.model.masked && !input.recipe.model.masked)
    #expect([values[0], values[1], values[3], values[4], values[5]] == [-1, -1, 0, 1, 1])
  }

  @Test func refusesTargetsOutsideOfZeroToOne() {
    let settings = [
      "loss.reconstruction": "binaryCrossEntropyWithLogits", "normalization": "unit",
      "validation": "none",
    ]
    #expect(message("a,b\n0,1\n0.5,1\n", settings) == nil)
    #expect(
      message("a,b\n0,1\n0.5,255\n", settings)
        == "sensors.csv: expected values from 0 to 1 for loss.reconstruction "
        + "binaryCrossEntropyWithLogits, received values from 0.0 to 255.0; set loss.reconstruction to "
        + "squaredError (and leave out a last sigmoid), or scale the data to 0 to 1 (normalization "
        + "unit does so for bytes)")
    #expect(
      message("a,b\n0,1\n0.5,1\n", settings.merging(["normalization": "standard"]) { $1 })?
        .contains("received values from -1.0 to 1.0") == true)
    // The validation data, too.
    #expect(
      message("a,b\n0,1\n0.5,1\n0,-2\n", settings.merging(["validation": "{last: 0.3}"]) { $1 })?
        .contains("received values from -2.0 to 0.0") == true)
  }

  @Test func tellsOfAMeanBesideTheWholeDivergence() throws {
    var document = try RecipeDocument(named: "vae")
    try document.set("data", to: "digits")
    try document.set("limit", to: "8")
    #expect(
      try RunInput(document, directory: nil).data.summary == [
        "the first 8 images 28×28 gray of digits; validation on 2,000 test examples; divided by 255"
      ])
    try document.set("loss.reduction", to: "mean")
    let summary = try RunInput(document, directory: nil).data.summary
    #expect(summary.count == 2)
    #expect(
      summary[1]
        == "loss.reduction is mean: the mean over an example's values is added to the whole KL "
        + "divergence, which then has 784 times its weight in the evidence lower bound; set "
        + "loss.reduction to batchMean unless you want that")
  }

  @Test func saysWhatIsMissing() throws {
    #expect(throws: TrainingError.noData(recipe: "table")) {
      try RunInput(self.document(), directory: nil)
    }
    #expect(
      TrainingError.noData(recipe: "table").description
        == "data: expected a data set's name or a path, received none, and the recipe table names "
        + "no "
        + "data; name them with --data")
    let error = #expect(throws: RecipeError.self) { try self.document().recipe() }
    #expect(
      error?.description
        == "recipe table: input: expected the data's shape, as input is left out, received no "
        + "data; name them with --data, or set input")
    #expect(
      message("a,b\n1,2\n", ["input": "[3]"])
        == "sensors.csv: expected examples of 3 values for the recipe's input [3], received "
        + "[2]; "
        + "train the recipe table, which works for any table, or leave input out and give the "
        + "decoder's "
        + "last layer units: input")
  }

  /// Doubles that stay in their file are scaled, held out and filled in as those in memory are.
  @Test(arguments: ["mean", "mask"]) func storedDoublesAreThoseInMemory(missing: String) throws {
    let folder = try TemporaryFolder()
    let values = (0..<900).map { (index: Int) -> Double in
      if index % 13 == 5 { return .nan }
      return index % 3 == 2 ? 7 : 1e6 + Double(index * index % 89)
    }
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (300, 3), }"
    let padding = String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    let start: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0]
    let numbers = values.withUnsafeBytes { Array($0) }
    let path = try folder.write(start + Array((header + padding).utf8) + numbers, to: "a.npy")
    let document = try document([
      "data.path": path, "data.missing": missing, "validation": "0.2", "seed": "3",
    ])
    func input(staysInFiles: Bool) throws -> RunInput {
      var memory = MemoryLimit.free
      memory.staysInFiles = staysInFiles
      return try RunInput(document, directory: nil, memory: memory)
    }
    let (stored, resident) = try (input(staysInFiles: true), input(staysInFiles: false))
    #expect(stored.data.training.stored != nil && resident.data.training.stored == nil)
    #expect(stored.data.heldOutRows == resident.data.heldOutRows)
    #expect(stored.data.scaling == resident.data.scaling)
    func bits(_ examples: Examples?) throws -> [UInt32] {
      guard case .floats(let values)? = try examples?.loaded().elements else { return [] }
      return values.map(\.bitPattern)
    }
    #expect(try bits(stored.data.training).count == 720)
    #expect(try bits(stored.data.training) == bits(resident.data.training))
    #expect(try bits(stored.data.validation) == bits(resident.data.validation))
    #expect(stored.recipe == resident.recipe)
    func share(_ input: RunInput) throws -> Double {
      try RunPlans(input.recipe, input.data).training.batches.presentShare
    }
    #expect(try share(stored) == share(resident))
    #expect(try missing == "mean" || share(stored) < 1)
  }
}
