import Analyses
import ArgumentParser
import Datasets
import Reports

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Judges a trained model: its losses, and the quality of its reconstructions.",
    discussion: """
      Losses are those of training's validation, to the last digit where the data are the same. The \
      squared error is of values on the scale of the data; PSNR and SSIM are given for images, \
      cross-entropy where all values lie in 0 to 1, the ELBO and what each unit of the code does for \
      variational models. A denoising model is judged from corrupted examples, as it trained.

        aegpu evaluate last
        aegpu evaluate runs/mine --data new.csv --format json
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var about: ShownOptions

  @Option(help: "How to print it: text or json.")
  var format = OutputFormat.text

  func run() throws {
    let run = try OpenRun(options)
    let shown = try run.shown(about)
    let model = try run.model(shown: shown.examples)
    let byteScale = run.recipe.preparation.byteScale
    let (report, window) = try model.evaluation(
      of: run.subject(shown), imageShape: shown.imageShape,
      range: shown.examples.imageRange(byteScale: byteScale))
    switch format {
    case .json: try Console.print(report.jsonText())
    case .text:
      let narrow = window.flatMap { $0 < StructuralSimilarity.usualWindow ? $0 : nil }
      try Console.print(
        report.text(
          convention: LossConvention(run.recipe.model),
          scale: Self.scale(shown.examples, byteScale, isScaled: shown.scaling != nil),
          window: narrow))
    }
  }

  private static func scale(
    _ examples: Examples, _ byteScale: Double, isScaled: Bool
  ) -> String {
    switch examples.elements {
    case .bytes: byteScale == 1 ? "of values from 0 to 255" : "of values from 0 to 1"
    case .floats, .doubles:
      isScaled ? "of values as scaled for the network" : "of values on the scale of the data"
    }
  }
}
