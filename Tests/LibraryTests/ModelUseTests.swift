import AEGPU
import Foundation
import TestFolders
import TestProgram
import Testing

/// What the library computes with a trained model in addition to codes and reconstructions.
@Suite struct ModelUseTests {
  private static func trained(_ name: String, _ settings: [String: Setting] = [:]) throws
    -> Autoencoder
  {
    var recipe = try Recipe(name).setting("limit", to: 128)
    for (path, value) in settings { recipe = try recipe.setting(path, to: value) }
    return try .train(recipe, on: Dataset("digits"), device: .cpu, epochs: 1)
  }

  /// The numbers of `evaluate` are those of the library.
  @Test func evaluates() throws {
    let model = try Self.trained("vae")
    let digits = try Dataset("digits")[0..<20]
    let found = try model.evaluate(digits)
    #expect(found.examples == 20)
    let losses = try model.losses(digits)
    #expect(found.losses["loss"] == losses.loss)
    #expect(found.divergences?.count == model.codeShape[0])
    let divergence = try #require(found.divergences).reduce(0, +)
    #expect(abs(divergence - (found.losses["kl"] ?? 0)) < 1e-3 * divergence)
    let bound = try #require(found.evidenceLowerBound)
    #expect(abs(bound + losses.loss) < 1e-3 * losses.loss)
    let made = try model.reconstruct(digits).values
    #expect(found.meanSquaredError > 0 && found.meanSquaredError < 255 * 255)
    #expect(made.count == 20 * 784)
    #expect(found.usedCodes == nil && found.structuralSimilarity != nil)
  }

  @Test func findsAnomalies() throws {
    let (model, data) = try AutoencoderTests.trained(epochs: 60)
    let found = try model.anomalies(in: data, comparedWith: data, contamination: 0.02)
    #expect(found.rows == [63, found.rows.last!] || found.rows == [63])
    #expect(found.scores == (try model.errors(data)))
    #expect(found.scores.filter { $0 > found.threshold }.count == found.rows.count)
    #expect(found.worstFeatures[63].first.map { [2, 4].contains($0) } == true)
    #expect(throws: AutoencoderError.self) {
      try model.anomalies(in: data, comparedWith: data, contamination: 0.7)
    }
  }

  @Test func walksBetweenCodes() throws {
    let model = try Self.trained("simple")
    let codes = try model.encode(Dataset("digits")[0..<9])
    let (first, last) = (
      try Values(Array(codes[0]), shape: model.codeShape),
      try Values(Array(codes[1]), shape: model.codeShape)
    )
    let way = try model.codes(from: first, to: last, steps: 3)
    #expect(Array(way[0]) == first.values && Array(way[2]) == last.values)
    #expect(
      zip(way[1], zip(first.values, last.values)).allSatisfy {
        abs($0 - ($1.0 + $1.1) / 2) < 1e-5
      })
    let arc = try model.codes(from: first, to: last, steps: 3, isSpherical: true)
    #expect(arc != way && Array(arc[0]) == first.values)
    let units = try model.traversals(of: first, among: codes, steps: 5)
    #expect(units.count == 5 * model.codeShape[0])
    #expect(Array(units[2].dropFirst()) == Array(first.values.dropFirst()))
    #expect(try model.decode(way).count == 3)
    #expect(throws: AutoencoderError.self) { try model.codes(from: first, to: codes, steps: 3) }
    #expect(throws: AutoencoderError.self) { try model.codes(from: first, to: last, steps: 1) }
  }

  @Test func conditionalModelsAreToldClasses() throws {
    let model = try Self.trained("conditional")
    let sevens = try model.sample(3, seed: 1, label: 7)
    let each = try model.sample(3, seed: 1)
    #expect(sevens.count == 3 && sevens != each)
    let codes = try model.encode(Dataset("digits")[0..<2])
    #expect(try model.decode(codes, labels: [1, 2]) != model.decode(codes, labels: [3, 4]))
    #expect(throws: AutoencoderError.self) { try model.decode(codes) }
    #expect(throws: AutoencoderError.self) { try model.decode(codes, labels: [1, 10]) }
    #expect(throws: AutoencoderError.self) { try Self.trained("simple").sample(2, label: 1) }
  }

  @Test func codebooks() throws {
    let model = try Self.trained("vq")
    let digits = try Dataset("digits")[0..<2]
    let indices = try model.codebookIndices(digits)
    #expect(indices.count * model.codeShape.last! == 2 * model.codeShape.reduce(1, *))
    let (decoded, made) = (
      try model.decode(model.codes(ofIndices: indices)).values, try model.reconstruct(digits).values
    )
    #expect(zip(decoded, made).allSatisfy { abs($0 - $1) < 1e-2 })
    #expect(throws: AutoencoderError.self) { try model.codes(ofIndices: [-1]) }
    #expect(throws: AutoencoderError.self) { try Self.trained("simple").codebookIndices(digits) }
  }

  /// Images of another size than those that trained.
  @Test func denoisesImagesOfAnySize() throws {
    let model = try Self.trained("denoising")
    let bytes = (0..<2 * 30 * 34).map { UInt8($0 % 251) }
    let made = try model.denoise(Dataset(bytes: bytes, shape: [30, 34, 1]))
    #expect(made.count == 2 && made.shape == [30, 34, 1])
    #expect(made.values.allSatisfy { (0...255).contains($0) })
    let digits = try Dataset("digits")[0..<2]
    #expect(try model.denoise(digits) == model.reconstruct(digits))
    #expect(throws: AutoencoderError.self) {
      try model.denoise(Dataset(bytes: bytes, shape: [2 * 30 * 34]))
    }
  }

  @Test func isWrittenForOthers() throws {
    let program = try Program()
    let model = try Self.trained("simple")
    let folder = program.folder + "/exported"
    try model.export(to: folder, as: .safetensors)
    #expect(program.exists("exported/config.json") && program.exists("exported/README.md"))
    let opened = try Autoencoder(contentsOf: folder + "/model.safetensors", device: .cpu)
    let digits = try Dataset("digits")[0..<5]
    #expect(try opened.encode(digits) == model.encode(digits))
    #expect(throws: AutoencoderError.self) { try model.export(to: folder, as: .onnx) }
    try model.export(to: program.folder + "/onnx", as: .onnx)
    for part in ["model", "encoder", "decoder"] { #expect(program.exists("onnx/\(part).onnx")) }
    #expect(throws: AutoencoderError.self) {
      try model.writeReport(to: program.folder + "/none.html")
    }
    try model.save(to: program.folder + "/run")
    try Autoencoder(contentsOf: program.folder + "/run", device: .cpu)
      .writeReport(to: program.folder + "/report.html", on: Dataset("digits")[0..<40])
    let page = try String(contentsOfFile: program.folder + "/report.html", encoding: .utf8)
    #expect(page.contains("simple") && page.contains("40 "))
    #expect(!program.exists("none.html"))
  }
}
