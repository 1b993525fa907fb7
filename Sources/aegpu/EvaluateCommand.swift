import AEGPU
import Analyses
import ArgumentParser

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Judges a trained model: its losses, and the quality of its reconstructions.",
    discussion: """
      Losses are those of training's validation, to the last digit where the data are the same. The \
      squared error is of values on the scale of the data; PSNR and SSIM are given for images, \
      cross-entropy where all values lie in 0 to 1, the ELBO and what each unit of the code does for \
      variational models, the codes in use for models with a codebook. A denoising model is judged \
      from corrupted examples, as it trained.

        aegpu evaluate last
        aegpu evaluate runs/mine --data new.csv --format json
        aegpu evaluate last --samples 500
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var about: ShownOptions

  @Option(
    help: ArgumentHelp(
      "Codes to draw for each example, for the importance-weighted bound on the log-likelihood of a "
        + "variational model.", valueName: "n"))
  var samples: Int?

  @Option(help: "How to print it: text or json.")
  var format = OutputFormat.text

  func validate() throws {
    try RecipeOptions.expectCounts([("samples", samples)])
  }

  func run() throws {
    let run = try OpenRun(options)
    let isVariational = if case .variational = run.recipe.model.latent { true } else { false }
    guard samples == nil || isVariational && run.recipe.model.loss.reconstruction != .squaredError
    else {
      throw Failure(
        "--samples: expected a variational model trained on cross-entropy, received the recipe "
          + "\(run.recipe.name); leave --samples out")
    }
    let shown = try run.shown(about)
    var (report, model, window) = try run.autoencoder.evaluation(of: shown)
    if let samples {
      report.logLikelihoodBound = try model.logLikelihoodBound(samples: samples)
      report.samples = samples
    }
    switch format {
    case .json: try Console.print(report.jsonText())
    case .text:
      try Console.print(
        report.text(
          convention: LossConvention(run.recipe.model),
          scale: shown.scaleText(byteScale: run.recipe.preparation.byteScale), window: window))
    }
  }
}
