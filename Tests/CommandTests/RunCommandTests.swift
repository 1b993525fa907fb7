import Foundation
import TestProgram
import Testing

/// The commands on a run, by their files, numbers and sentences.
@Suite(.serialized) struct RunCommandTests {
  /// A folder with small trained runs, made once: `vae`, `dense`, `latent2d`, `denoising` and `vq` of digits,
  /// `table` of a table with anomalies.
  // Made once; the tests of a serialized suite use it one after the other.
  private nonisolated(unsafe) static let made = Result<Program, any Error> {
    let program = try Program()
    for recipe in ["vae", "dense", "latent2d", "denoising", "vq"] {
      let outcome = try program.run(
        "train", recipe, "--data", "digits", "--limit", "128", "--epochs", "2", "--batch-size",
        "16",
        "--device", "cpu", "--output", recipe, "--set", "pictures.every=100", "--validation", "0.5")
      try #require(outcome.code == 0, "\(outcome.errors)")
    }
    try program.write(Self.table(rows: 0..<200), to: "train.csv")
    try program.write(Self.table(rows: 200..<280), to: "test.csv")
    try program.write(Self.recipe, to: "table.yaml")
    let outcome = try program.run("train", "table.yaml", "--device", "cpu", "--output", "table")
    try #require(outcome.code == 0, "\(outcome.errors)")
    return program
  }

  /// Three columns that go together, of different size; every twentieth row breaks the rule.
  private static func table(rows: Range<Int>) -> String {
    let lines = rows.map { row -> String in
      let t = Double(row * 37 % 101) / 101
      let isBad = row % 20 == 7
      let c = 1000 * (t * t) + (isBad ? 400 : 0)
      return "\(t),\(10 - 5 * t),\(c),\(isBad ? "bad" : "good")"
    }
    return (["a,b,c,kind"] + lines).joined(separator: "\n") + "\n"
  }

  private static let recipe = """
    name: table
    data: {path: train.csv, label: kind, test: test.csv}
    input: [3]
    normalization: standard
    encoder: [{dense: {units: 8, activation: tanh}}, {dense: {units: 1}}]
    decoder: [{dense: {units: 8, activation: tanh}}, {dense: {units: 3}}]
    loss: {reconstruction: squaredError, reduction: mean}
    optimizer: {adam: {learningRate: 0.02}}
    batchSize: 20
    epochs: 40
    """

  let program: Program

  init() throws { program = try Self.made.get() }

  func run(_ arguments: String..., input: String? = nil) throws -> Outcome {
    try program.start(arguments + ["--device", "cpu"], input: input).wait()
  }

  private func json(_ outcome: Outcome) throws -> [String: Any] {
    try #require(outcome.code == 0, "\(outcome.errors)")
    let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    return try #require(object as? [String: Any])
  }

  private func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).dropLast()
  }

  /// Losses are those of the last line of `metrics.jsonl`.
  @Test(arguments: ["vae", "dense", "table"]) func evaluates(name: String) throws {
    let found = try json(run("evaluate", name, "--format", "json"))
    let last = try #require(lines(program.text("\(name)/metrics.jsonl")).last)
    let metrics = try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any]
    #expect(found["losses"] as? [String: Double] == metrics?["validation"] as? [String: Double])
    #expect(found["split"] as? String == "test" && found["run"] as? String == name)
    #expect(found["examples"] as? Int == (name == "table" ? 80 : 64))
    let images = ["psnr", "ssim", "bceNatsPerPixel", "bceNatsPerImage"]
    for key in images { #expect((found[key] != nil) == (name != "table"), "\(key)") }
    for key in ["elbo", "activeUnits", "klByUnit"] {
      #expect((found[key] != nil) == (name == "vae"), "\(key)")
    }
    if name == "vae" {
      let loss = try #require((found["losses"] as? [String: Double])?["loss"])
      #expect(abs(try #require(found["elbo"] as? Double) + loss) < 1e-9)
      #expect((found["klByUnit"] as? [Double])?.count == 10)
    }
    let text = try run("evaluate", name)
    #expect(text.code == 0 && text.output.hasPrefix("run "))
    #expect(
      text.output.contains(name == "table" ? "squared error per value, standardised" : "nats"))
  }

  /// The bound increases with the number of codes, beginning with the ELBO; the first draws are the same.
  @Test func bounds() throws {
    func bound(_ samples: String) throws -> Double {
      let found = try json(run("evaluate", "vae", "--samples", samples, "--format", "json"))
      #expect(found["samples"] as? Int == Int(samples))
      return try #require(found["logLikelihoodBound"] as? Double)
    }
    let elbo = try #require(json(run("evaluate", "vae", "--format", "json"))["elbo"] as? Double)
    let (one, some, many) = (try bound("1"), try bound("20"), try bound("120"))
    #expect(abs(one - elbo) < 0.02 * abs(elbo))
    #expect(one < some && some < many)
    let refused = try run("evaluate", "dense", "--samples", "5")
    #expect(refused.code == 1)
    #expect(
      refused.errors == "aegpu: --samples: expected a variational model trained on cross-entropy, "
        + "received the recipe dense; leave --samples out\n")
  }

  /// A table and an array of the same codes; decoded, they are what is reconstructed.
  @Test func encodesDecodesReconstructs() throws {
    let table = try run("encode", "vae")
    #expect(table.code == 0)
    #expect(
      table.errors == "aegpu: 64 codes of 10 numbers, of digits, test, on standard output\n")
    let rows = lines(table.output)
    #expect(rows.count == 65)
    #expect(
      rows[0] == "row,code0,code1,code2,code3,code4,code5,code6,code7,code8,code9,label")
    #expect(rows[1].hasPrefix("0,") && rows[64].hasPrefix("63,"))
    #expect(try run("encode", "vae", "--output", "codes.npy").code == 0)
    #expect(try program.data("codes.npy").count == 128 + 64 * 10 * 4)
    try program.write(table.output, to: "codes.csv")
    for codes in ["codes.npy", "codes.csv"] {
      #expect(try run("decode", "vae", "--codes", codes, "--output", "decoded.npy").code == 0)
      #expect(try run("reconstruct", "vae", "--output", "whole.npy").code == 0)
      let (one, other) = (try floats("decoded.npy"), try floats("whole.npy"))
      #expect(one.count == 64 * 784 && other.count == one.count)
      #expect(zip(one, other).allSatisfy { abs($0 - $1) < 1e-5 })
      #expect(one.allSatisfy { $0 >= 0 && $0 <= 1 })
    }
  }

  /// The floats of an NPY file behind its header.
  private func floats(_ file: String) throws -> [Float] {
    try program.data(file).dropFirst(128).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
  }

  /// On the scale of the data, in their order, by the names of their columns.
  @Test func reconstructsATable() throws {
    let outcome = try run("reconstruct", "table", "--count", "5")
    #expect(outcome.code == 0)
    let rows = lines(outcome.output)
    #expect(rows.count == 6 && rows[0].hasPrefix("row,") && rows[0].hasSuffix(",label"))
    let data = lines(try program.text("test.csv"))
    for row in 1...5 {
      let found = rows[row].split(separator: ",").dropFirst().dropLast().compactMap { Double($0) }
      let original = data[row].split(separator: ",").dropLast().compactMap { Double($0) }
      #expect(abs(found[1] - original[1]) < 1 && abs(found[2] - original[2]) < 150)
    }
    let other = try run("reconstruct", "table", "--count", "2", "--data", "-", input: "test.csv")
    #expect(lines(other.output) == Array(rows.prefix(3)))
  }

  /// A grid of pairs without a name, a file to each image in a folder, an array.
  @Test func writesPictures() throws {
    let outcome = try run("reconstruct", "dense", "--count", "3")
    #expect(outcome.code == 0 && outcome.output == "")
    #expect(
      outcome.errors
        == "aegpu: 3 reconstructions of digits, test, in dense/images/reconstructed.png\n")
    // Three pairs of 28 pixels doubled, with gaps and a margin.
    #expect(try size("dense/images/reconstructed.png") == [3 * (56 + 2 + 56) + 2 * 10 + 32, 88])
    #expect(try run("reconstruct", "dense", "--count", "12", "--output", "many/").code == 0)
    #expect(try program.contents("many").count == 12)
    #expect(try size("many/00011.png") == [28, 28])
    #expect(try run("sample", "vae", "--output", "samples.png", "--count", "20").code == 0)
    #expect(try size("samples.png") == [10 * 66 - 10 + 32, 2 * 66 - 10 + 32])
    #expect(
      try run("interpolate", "vae", "--traverse", "--output", "t.png", "--steps", "4").code == 0)
    #expect(try size("t.png") == [4 * 66 - 10 + 32, 10 * 66 - 10 + 32])
    #expect(
      try run("interpolate", "latent2d", "--plane", "--steps", "6", "--output", "p.png").code == 0)
    #expect(try size("p.png") == [6 * 56 + 32, 6 * 56 + 32])
  }

  /// Width and height of a PNG file.
  private func size(_ file: String) throws -> [Int] {
    let bytes = try program.data(file)
    #expect(bytes.prefix(4) == Data([0x89, 0x50, 0x4e, 0x47]))
    return [16, 20].map { start in bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
  }

  /// A seed is a sample; a prefix of more is the same.
  @Test(arguments: ["vae", "dense"]) func samples(name: String) throws {
    func sample(_ more: String...) throws -> [Float] {
      let outcome = try program.start(
        ["sample", name, "--device", "cpu", "--output", "s.npy"] + more
      ).wait()
      #expect(outcome.code == 0)
      if name == "dense", !more.contains("--label") {
        #expect(
          outcome.errors.hasPrefix(
            "aegpu: sample: fitted a mixture of 10 Gaussians to the codes of 64 training examples\n"
          ))
      }
      return try floats("s.npy")
    }
    let few = try sample("--count", "4")
    #expect(few.count == 4 * 784)
    #expect(try Array(sample("--count", "9").prefix(few.count)) == few)
    #expect(try sample("--count", "4", "--seed", "8") != few)
    let cold = try sample(
      "--count", "2", "--temperature", "0", "--prior", "gaussian", "--label", "3")
    #expect(cold.prefix(784) == cold.suffix(784))
  }

  /// A prior fitted to the codes of the training examples, given as a file, draws the same samples.
  @Test func samplesFromGivenCodes() throws {
    try #require(
      run("encode", "dense", "--split", "train", "--output", "trained.npy").code == 0)
    func sample(_ more: String...) throws -> Outcome {
      try program.start(
        ["sample", "dense", "--device", "cpu", "--count", "3", "--output", "s.npy"] + more
      ).wait()
    }
    try #require(sample().code == 0)
    let drawn = try program.data("s.npy")
    let outcome = try sample("--codes", "trained.npy")
    #expect(
      outcome.errors.hasPrefix(
        "aegpu: sample: fitted a mixture of 10 Gaussians to the 64 codes of trained.npy\n"))
    #expect(try program.data("s.npy") == drawn)
    let refused = try sample("--codes", "trained.npy", "--label", "3")
    #expect(refused.code == 1)
    #expect(refused.errors.hasPrefix("aegpu: --label: expected no label together with --codes"))
  }

  /// The ends are the two examples' own reconstructions.
  @Test(arguments: [[], ["--spherical"]]) func interpolates(more: [String]) throws {
    #expect(try run("reconstruct", "vae", "--count", "8", "--output", "ends.npy").code == 0)
    let ends = try floats("ends.npy")
    let outcome = try program.start(
      [
        "interpolate", "vae", "--from", "2", "--to", "7", "--steps", "5", "--output", "way.npy",
        "--device", "cpu",
      ] + more
    ).wait()
    #expect(outcome.code == 0)
    let way = try floats("way.npy")
    #expect(way.count == 5 * 784)
    #expect(zip(way, ends[2 * 784..<3 * 784]).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(zip(way[4 * 784..<5 * 784], ends[7 * 784..<8 * 784]).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test func findsAnomalies() throws {
    let outcome = try run("anomalies", "table", "--output", "scores.csv")
    #expect(outcome.code == 0)
    #expect(outcome.output.hasSuffix("\n\nanomalies are the examples with label bad\n"))
    #expect(outcome.output.contains("\nPCA, 1 component "))
    let rows = lines(try program.text("scores.csv"))
    #expect(rows[0] == "row,score,anomalous,label,worst" && rows.count == 81)
    let found = try json(run("anomalies", "table", "--format", "json"))
    #expect(found["contamination"] as? Double == 0.1 && found["anomalousLabel"] as? String == "bad")
    let threshold = try #require(found["threshold"] as? Double)
    let fields = rows.dropFirst().map { $0.split(separator: ",").map(String.init) }
    #expect(fields.allSatisfy { (Double($0[1])! > threshold) == ($0[2] == "1") })
    #expect(fields.count { $0[2] == "1" } == found["anomalies"] as? Int)
    #expect(fields.map { $0[3] == "bad" } == (200..<280).map { $0 % 20 == 7 })
    // The changed feature is the worst one in every changed row.
    #expect(fields.filter { $0[3] == "bad" }.allSatisfy { $0[4].split(separator: ";").count == 3 })
    #expect(try #require(found["rocAUC"] as? Double) > 0.9)
    #expect((found["pca"] as? [String: Any])?["rocAUC"] is Double)

    // A share of nothing above the threshold, and all of it.
    #expect(
      try json(run("anomalies", "table", "--threshold", "1e9", "--format", "json"))["anomalies"]
        as? Int
        == 0)
    #expect(
      try json(run("anomalies", "table", "--threshold=-1", "--format", "json"))["anomalies"]
        as? Int
        == 80)
    let quantile = try json(run("anomalies", "table", "--quantile", "0.9", "--format", "json"))
    #expect(quantile["threshold"] as? Double == threshold && quantile["contamination"] == nil)
    let swapped = try json(
      run("anomalies", "table", "--anomalous-label", "good", "--format", "json"))
    #expect(
      abs((swapped["rocAUC"] as? Double ?? 0) + (found["rocAUC"] as? Double ?? 0) - 1) < 1e-12)
  }

  /// A code as wide as the table: as many components would miss nothing.
  @Test func wideCodesStandBesideHalfTheComponents() throws {
    let trained = try program.run(
      "train", "table", "--data", "test.csv", "--label", "kind", "--epochs", "1", "--device", "cpu",
      "--output", "wide")
    #expect(trained.code == 0, "\(trained.errors)")
    let found = try json(run("anomalies", "wide", "--format", "json"))
    #expect((found["pca"] as? [String: Any])?["components"] as? Int == 1)
  }

  /// Ten labels: no label is that of anomalies by default. The output has the bound in addition to the error.
  @Test func anomaliesOfImages() throws {
    let outcome = try run("anomalies", "vae")
    #expect(lines(outcome.output)[0] == "row,score,anomalous,label,worst,negativeELBO")
    #expect(outcome.errors.contains("with --anomalous-label"))
    let found = try json(run("anomalies", "vae", "--anomalous-label", "1", "--format", "json"))
    #expect((found["elbo"] as? [String: Any])?["rocAUC"] is Double)
  }

  /// A checkpoint, a file without its folder's name, and the newest start under runs/.
  @Test func findsRuns() throws {
    func loss(_ name: String) throws -> Double? {
      try (json(run("evaluate", name, "--format", "json"))["losses"] as? [String: Double])?["loss"]
    }
    let expected = try loss("dense")
    #expect(expected != nil)
    #expect(try loss("dense/weights.safetensors") == expected)
    #expect(try loss("dense/checkpoints/epoch-0002.safetensors") == expected)
    #expect(try loss("dense/checkpoints/epoch-0001.safetensors") != expected)

    let none = try run("evaluate", "last")
    #expect(none.code == 1)
    #expect(
      none.errors
        == "aegpu: last: expected a run under runs/, found none; train one, or name a run folder\n"
    )
    // Links, in an order that is not that of their starts.
    let files = FileManager.default
    let runs = program.folder + "/runs"
    try files.createDirectory(atPath: runs, withIntermediateDirectories: true)
    defer { try? files.removeItem(atPath: runs) }
    for (link, name) in [("a", "table"), ("b", "dense")] {
      try files.createSymbolicLink(atPath: "\(runs)/\(link)", withDestinationPath: "../\(name)")
    }
    #expect(try json(run("evaluate", "last", "--format", "json"))["run"] as? String == "runs/a")

    // Without final weights the newest checkpoint is used, with a note.
    let weights = program.folder + "/dense/weights.safetensors"
    try files.moveItem(atPath: weights, toPath: weights + ".away")
    defer { try? files.moveItem(atPath: weights + ".away", toPath: weights) }
    let interrupted = try run("evaluate", "dense", "--format", "json")
    #expect((try json(interrupted)["losses"] as? [String: Double])?["loss"] == expected)
    #expect(
      interrupted.errors == "aegpu: dense has no final weights yet; these are those of "
        + "checkpoints/epoch-0002.safetensors\n")
  }

  @Test func compares() throws {
    func compare(_ arguments: String...) throws -> Outcome {
      try program.start(["compare"] + arguments).wait()
    }
    let found = try json(compare("dense", "vae", "dense", "--format", "json"))
    let runs = try #require(found["runs"] as? [[String: Any]])
    #expect(runs.map { $0["recipe"] as? String } == ["dense", "vae", "dense"])
    #expect(runs[1]["lossIs"] as? String == "cross-entropy per example + KL")
    #expect((runs[0]["validation"] as? [String: Double])?["loss"] != nil)
    #expect(found["lowest"] as? [String] == ["dense"])
    #expect(
      found["notRanked"] as? [String] == [
        "losses of different kinds are not ranked: cross-entropy per value; cross-entropy per "
          + "example + KL"
      ])
    let text = try compare("dense", "table")
    #expect(text.code == 0 && text.errors == "")
    #expect(text.output.contains("473,636") && !text.output.contains("* "))
    #expect(text.output.contains("\nlosses on different data are not ranked: digits, "))
    #expect(try compare("dense").code == 64)
  }

  /// Images of any size, in the form in which they came.
  @Test func denoises() throws {
    let folder = program.folder + "/noisy"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(try run("sample", "vae", "--count", "2", "--output", "samples.png").code == 0)
    #expect(try run("reconstruct", "denoising", "--count", "2", "--output", "noisy/").code == 0)
    // A picture of 154 by 88 pixels: 88 is a multiple of 4, 154 is not.
    try FileManager.default.copyItem(
      atPath: program.folder + "/samples.png", toPath: folder + "/grid.png")
    let outcome = try run("denoise", "denoising", "noisy")
    #expect(outcome.errors == "aegpu: 3 images denoised, in noisy-denoised\n")
    #expect(try program.contents("noisy-denoised") == ["00000.png", "00001.png", "grid.png"])
    #expect(try size("noisy-denoised/grid.png") == size("samples.png"))
    #expect(try size("noisy-denoised/00001.png") == [28, 28])
    #expect(try run("denoise", "denoising", "samples.png", "--output", "one.png").code == 0)
    #expect(try program.data("one.png") == program.data("noisy-denoised/grid.png"))
    let small = try run("denoise", "dense", "samples.png")
    #expect(
      small.errors.hasPrefix(
        "aegpu: denoise: 1 of 1 images resized from 154×88 to 28×28, the network's ")
    )
    #expect(try size("samples-denoised.png") == [28, 28])

    #expect(try run("reconstruct", "vae", "--output", "images.npy").code == 0)
    #expect(try run("denoise", "denoising", "images.npy").code == 0)
    #expect(try floats("images-denoised.npy").count == 64 * 784)
    let drawn = try run("denoise", "denoising", "images.npy", "--output", "images.png")
    #expect(drawn.code == 1)
    #expect(
      drawn.errors
        == "aegpu: --output: expected a name that ends in .npy, the form of the input, "
        + "received images.png; reconstruct can draw arrays as pictures\n")
    let table = try run("denoise", "denoising", "test.csv")
    #expect(table.code == 1)
    #expect(
      table.errors.hasPrefix("aegpu: test.csv: expected an image, a folder of images or a .npy "))
  }
}
