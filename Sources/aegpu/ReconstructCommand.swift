import ArgumentParser
import Reports

struct ReconstructCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reconstruct",
    abstract: "Reconstructs examples with a trained model: encodes and decodes them.",
    discussion: """
      The reconstructions are on the scale of the data and in their order. Images are written as one \
      picture of pairs, original and reconstruction; if --output is a folder, as one .png file per image. \
      Other data are written as a table; --format chooses another form. A variational model decodes the \
      mean of its code. For a denoising model, no noise is added to the examples.

        aegpu reconstruct last --output digits.png
        aegpu reconstruct last --count 1000 --output images/
        aegpu reconstruct runs/table --data new.csv --output filled.csv
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var about: ShownOptions
  @OptionGroup var memory: MemoryOption

  @Option(
    help: ArgumentHelp(
      "Only the first n examples. (default: 100 for a picture, else all)", valueName: "n"))
  var count: Int?

  @OptionGroup var result: ResultOptions

  func validate() throws {
    try RecipeOptions.expectCounts([("count", count)])
  }

  func run() throws {
    let run = try OpenRun(options)
    let shown = try run.shown(about, streaming: memory.limit)
    let total = shown.examples.count
    func rows(_ isGrid: Bool) -> Int { min(count ?? (isGrid ? 100 : total), total) }
    var output = try ExampleOutput(
      result, run.autoencoder.facts(of: shown), verb: "reconstructed", rows: rows,
      labels: shown.labels)
    let model = try run.autoencoder.model(shown: shown.examples)
    let rowCount = rows(output.isGrid)
    var originals: [Float] = []
    try model.reconstruct(rows: 0..<rowCount) {
      if output.isGrid { originals += $1["original"]! }
      try output.write($1["reconstruction"]!)
    }
    try output.finish(beside: output.isGrid ? originals : nil)
    Program.note("\(Numbers.counted(rowCount, "reconstruction")) of \(shown.text)", in: output.path)
  }
}
