import AEGPU
import Foundation
import TestFolders
import TestProgram
import Testing

/// A model from the library: trained, used, saved and opened.
@Suite struct AutoencoderTests {
  /// 64 rows of five numbers that two make, far from 0, the last row unlike the others.
  static let rows: [[Double]] = (0..<64).map { row in
    let (a, b) = (sin(Double(row)), cos(Double(3 * row)))
    let own = row == 63 ? 5.0 : 0
    return [100 + a, 100 + b, 100 + a + b + own, 100 - a, 100 + 2 * b - own]
  }

  static func trained(epochs: Int = 4) throws -> (Autoencoder, Dataset) {
    let data = try Dataset(rows: rows, columns: ["a", "b", "c", "d", "e"])
    return (try .train(Recipe("table"), on: data, device: .cpu, epochs: epochs), data)
  }

  @Test func trainsAndUses() throws {
    let (model, data) = try Self.trained(epochs: 60)
    #expect(model.history.map(\.epoch) == Array(1...60))
    #expect(model.history.last!.training.loss < model.history[0].training.loss)
    #expect(model.exampleShape == [5] && model.codeShape == [32])
    let codes = try model.encode(data)
    #expect(codes.count == 64 && codes.shape == [32])
    let made = try model.reconstruct(data)
    #expect(try model.decode(codes).values.count == 64 * 5)
    #expect(zip(try model.decode(codes).values, made.values).allSatisfy { abs($0 - $1) < 1e-3 })
    #expect(made.values.allSatisfy { abs($0 - 100) < 10 })
    let errors = try model.errors(data)
    #expect(errors.indices.max { errors[$0] < errors[$1] } == 63)
    #expect(abs(try model.losses(data).loss - errors.reduce(0, +) / 64) < 1e-5)
    let samples = try model.sample(7, seed: 3, like: data)
    #expect(samples.count == 7 && samples.values.allSatisfy { abs($0 - 100) < 20 })
    #expect(try model.sample(7, seed: 3, like: data) == samples)
    #expect(try model.sample(7, seed: 4, like: data) != samples)
  }

  /// A saved model is the same for the library and the command.
  @Test func isSavedAsARun() throws {
    let (model, data) = try Self.trained()
    let program = try Program()
    let folder = program.folder + "/run"
    try model.save(to: folder)
    let opened = try Autoencoder(contentsOf: folder, device: .cpu)
    #expect(try opened.encode(data) == model.encode(data))
    #expect(opened.history == model.history)
    #expect(opened.exampleShape == [5])
    let lines = Self.rows.map { $0.map { "\($0)" }.joined(separator: ",") }
    try program.write((["a,b,c,d,e"] + lines).joined(separator: "\n"), to: "rows.csv")
    let outcome = try program.run(
      "anomalies", "run", "--data", "rows.csv", "--device", "cpu", "--threshold", "0")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let scores = outcome.output.split(separator: "\n").dropFirst()
      .map { Double($0.split(separator: ",")[1])! }
    #expect(zip(scores, try model.errors(data)).allSatisfy { abs($0 - $1) < 1e-9 })
    #expect(throws: AutoencoderError.self) { try model.save(to: folder) }
    #expect(try Autoencoder(contentsOf: folder, device: .cpu).encode(data) == model.encode(data))
  }

  /// The library trains to the bits of the command.
  @Test func trainsAsTheCommandDoes() throws {
    let program = try Program()
    let outcome = try program.run(
      "train", "vae", "--data", "digits", "--limit", "128", "--epochs", "2", "--device", "cpu",
      "--output", "run", "--quiet")
    try #require(outcome.code == 0, "\(outcome.errors)")
    let digits = try Dataset("digits")
    let model = try Autoencoder.train(
      Recipe("vae").setting("limit", to: 128), on: digits, device: .cpu, epochs: 2)
    let command = try Autoencoder(contentsOf: program.folder + "/run", device: .cpu)
    #expect(try model.encode(digits[0..<9]) == command.encode(digits[0..<9]))
    #expect(model.history.map(\.training) == command.history.map(\.training))
    #expect(model.history.map(\.validation) == command.history.map(\.validation))
    #expect(try model.sample(2) == command.sample(2))
    #expect(try model.sample(2).shape == [28, 28, 1])
  }

  /// An array that stays in its file is used like one in memory.
  @Test func readsAnArrayFromItsFile() throws {
    let program = try Program()
    let shape = "{'descr': '|u1', 'fortran_order': False, 'shape': (500, 64), }"
    let header = shape + String(repeating: " ", count: 117 - shape.utf8.count) + "\n"
    let bytes = (0..<500 * 64).map { UInt8(truncatingIfNeeded: $0 * 31 + $0 / 77) }
    let path = program.folder + "/array.npy"
    try (Data([0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0]) + Data(header.utf8) + Data(bytes))
      .write(to: URL(fileURLWithPath: path))
    let stored = try Dataset(path, memory: 100_000)
    let loaded = try Dataset(path, memory: 200_000)
    #expect(stored != loaded && stored.count == 500 && stored.shape == [64])
    let recipe = try Recipe(
      yaml: """
        name: small
        encoder: [dense: {units: 8, activation: relu}]
        decoder: [dense: {units: input, activation: sigmoid}]
        loss: {reconstruction: binaryCrossEntropy}
        optimizer: {adam: {learningRate: 0.001}}
        batchSize: 48
        epochs: 2
        shuffle: false
        validation: none
        """)
    func train(_ data: Dataset) throws -> Autoencoder {
      try .train(recipe, on: data, device: .cpu)
    }
    let model = try train(stored)
    #expect(model.history.map(\.training) == (try train(loaded)).history.map(\.training))
    #expect(try model.encode(stored) == model.encode(loaded))
    #expect(try model.errors(stored) == model.errors(loaded))
    #expect(try model.losses(stored) == model.losses(loaded))
    #expect(try model.reconstruct(stored) == model.reconstruct(loaded))
    #expect(
      try model.anomalies(in: stored, comparedWith: stored)
        == model.anomalies(in: loaded, comparedWith: loaded))
  }

  @Test func endsWhereItIsAskedTo() throws {
    var steps = 0
    let data = try Dataset(rows: Self.rows)
    let model = try Autoencoder.train(
      Recipe("table"), on: data, device: .cpu,
      shouldStop: {
        steps += 1
        return steps > 5
      })
    #expect(model.history.count < 100)
    #expect(try model.encode(data).count == 64)
  }

  @Test func whatDoesNotFitIsSaid() throws {
    func message(_ body: () throws -> Void) -> String {
      do {
        try body()
        return ""
      } catch { return "\((error as? AutoencoderError)?.description ?? "another error: \(error)")" }
    }
    #expect(
      message { _ = try Dataset([1, 2, 3], shape: [2]) }
        == "data: expected whole examples of shape [2], received 3 values")
    #expect(
      message { _ = try Dataset([1, .nan], shape: [2]) }
        == "data: expected finite numbers, received nan at index 1")
    #expect(
      message { _ = try Dataset(rows: [[1, 2], [3]]) }
        == "data: expected 2 numbers in each row, as in the first, received 1 in row 1")
    #expect(
      message { _ = try Dataset([1, 2], shape: [1], labels: [0]) }
        == "data: expected a label for each of 2 examples, received 1")
    let (model, data) = try Self.trained(epochs: 1)
    #expect(
      message { _ = try model.encode(Dataset([1, 2], shape: [2])) }
        == "data: expected examples of shape [5], received [2]")
    #expect(
      message { _ = try model.decode(Values([1], shape: [1])) }.hasPrefix("expected codes of 32"))
    #expect(
      message { _ = try model.sample(2) }.hasPrefix("expected examples for the code distribution"))
    #expect(message { _ = try Autoencoder(contentsOf: "/nowhere") }.contains("/nowhere"))
    #expect(
      message { _ = try Autoencoder.train(Recipe("conv"), on: data, device: .cpu) }.contains("[5]"))
    #expect(
      message { _ = try Autoencoder.train(Recipe("table"), on: data, device: .openCL(99)) }
        .hasPrefix("device: expected one of "))
  }

  /// The example of the documentation.
  @Test func theExampleRuns() throws {
    let program = try Program()
    let example = URL(fileURLWithPath: Program.path).deletingLastPathComponent()
      .appendingPathComponent("ExampleDigits").path
    let outcome = try program.start(["run"], by: example).wait()
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.hasSuffix("16 images of [28, 28, 1]\n"))
    #expect(program.exists("run/weights.safetensors"))
  }
}
