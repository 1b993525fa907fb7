import AEGPU
import Analyses
import ArgumentParser

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Evaluates a trained model: its losses, and the quality of its reconstructions.",
    discussion: """
      The losses are computed as in validation during training: on the same data they are equal to the \
      last digit. The squared error is on the scale of the data. PSNR and SSIM are given for images, \
      cross-entropy if all values are from 0 to 1, the ELBO and the KL divergence of each unit for \
      variational models, the number of used codes for models with a codebook. A denoising model is \
      evaluated on corrupted examples, as in training.

        aegpu evaluate last
        aegpu evaluate runs/mine --data new.csv --format json
        aegpu evaluate last --samples 500
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var about: ShownOptions
  @OptionGroup var memory: MemoryOption

  @Option(
    help: ArgumentHelp(
      "Codes to draw per example, for the importance-weighted bound on the log-likelihood of a "
        + "variational model.", valueName: "n"))
  var samples: Int?

  @Option(help: "Output format: text or json.")
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
    let shown = try run.shown(about, streaming: memory.limit)
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
