import Foundation
import TestProgram
import Testing

@Suite struct DataTests {
  @Test func lists() throws {
    let program = try Program()
    let list = try program.run("data", environment: ["XDG_DATA_HOME": program.folder])
    #expect(list.code == 0)
    let names = list.output.split(separator: "\n").dropFirst(2).map { $0.prefix { $0 != " " } }
    #expect(names == ["fashion-mnist", "mnist", "digits", "curve3d", "daily"])
    #expect(list.output.contains("aegpu data fetch mnist"))
    let json = try program.run("data", "list", "--format", "json")
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
    let digits = try #require(rows.first { $0["name"] as? String == "digits" })
    #expect(digits["isThere"] as? Bool == true)
  }

  @Test func refusesAnUnknownName() throws {
    let outcome = try Program().run("data", "fetch", "nope")
    #expect(outcome.code == 64)
    #expect(
      outcome.errors.hasPrefix(
        "aegpu: data fetch: expected fashion-mnist or mnist, received nope; "))
  }

  /// A recipe reads a CSV file as its mapping says, and the run's recipe repeats that.
  @Test func trainsOnATable() throws {
    let program = try Program()
    let rows = (0..<30).map { "\($0);\($0 % 7);1;\($0 % 2 == 0 ? "even" : "odd")" }
    try (["a;b;c;kind"] + rows).joined(separator: "\n")
      .write(toFile: program.folder + "/table.csv", atomically: true, encoding: .utf8)
    try """
    name: table
    data: {path: table.csv, separator: ";", columns: [a, b], label: kind}
    input: [2]
    encoder: [{dense: {units: 2}}]
    decoder: [{dense: {units: 2}}]
    loss: {reconstruction: squaredError}
    optimizer: {adam: {learningRate: 0.01}}
    batchSize: 10
    epochs: 1
    pictures: {style: codesBesidePCA}
    """.write(toFile: program.folder + "/table.yaml", atomically: true, encoding: .utf8)
    let outcome = try program.run(
      "train", "table.yaml", "--device", "cpu", "--output", "run",
      environment: ["PATH": "/nowhere"])
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("neighbours  "))
    #expect(!outcome.output.contains("PSNR"))
    #expect(outcome.output.contains(" training examples with 2 components: "))
    // Without gnuplot the numbers are left, and one line says so.
    #expect(
      try program.contents("run/images") == ["latent.csv", "loss.csv", "quality.json"])
    #expect(outcome.errors.split(separator: "\n").count { $0.contains("gnuplot") } == 1)
    // Two numbers are their own principal components.
    let quality = try #require(
      try JSONSerialization.jsonObject(
        with: Data(program.text("run/images/quality.json").utf8)) as? [String: Any])
    let (own, principal) = (quality["meanSquaredError"], quality["principalComponentsError"])
    #expect(try #require(own as? Double) > 1e-3)
    #expect(try #require(principal as? Double) < 1e-9)
    let header = try program.text("run/images/latent.csv").split(separator: "\n")[0]
    #expect(header == "autoencoder x,autoencoder y,PCA x,PCA y,label")
    #expect(try program.text("run/recipe.yaml").contains("  path: /"))
    let wrong = try program.run(
      "train", "table.yaml", "--device", "cpu", "--set", "data.columns=[a]", "--output", "no")
    #expect(wrong.code == 1)
    #expect(
      wrong.errors.hasSuffix(
        "expected examples of 2 values for the recipe's input [2], received [1]; train the "
          + "recipe table, which works for any table, or leave input out and give the decoder's "
          + "last layer "
          + "units: input\n"))
  }

  @Test func summary() throws {
    let text = try Program().run("summary", "conv")
    #expect(text.code == 0)
    #expect(text.output.contains("encoder.0  conv2D      relu        [28, 28, 32]         320"))
    let json = try Program().run("summary", "vae", "--format", "json")
    let summary = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(summary["parameterCount"] as? Int == 205_604)
    let layers = try #require(summary["layers"] as? [[String: Any]])
    #expect(
      layers.compactMap { $0["part"] as? String } == [
        "encoder", "mean", "logVariance", "decoder", "decoder",
      ])
  }

  @Test(arguments: [("simple", 5), ("denoising", 10)]) func pictures(
    recipe: String, count: Int
  ) throws {
    let program = try Program()
    let outcome = try program.run(
      "train", recipe, "--data", "digits", "--limit", "64", "--epochs", "1", "--device", "cpu",
      "--output", "run")
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("\nPSNR        "))
    for name in ["filters.png", "loss.csv", "quality.json", "reconstructions-epoch-0001.png"] {
      #expect(program.exists("run/images/\(name)"), "\(name)")
    }
    // The width of the picture in its header gives the number of cells per row.
    let bytes = try Data(
      contentsOf: URL(
        fileURLWithPath: program.folder + "/run/images/reconstructions-epoch-0001.png"))
    let width = bytes[16..<20].reduce(0) { $0 << 8 | Int($1) }
    #expect(width == 32 + count * 56 + (count - 1) * 10)
  }
}
