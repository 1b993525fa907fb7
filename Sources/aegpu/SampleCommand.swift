import AEGPU
import Analyses
import ArgumentParser
import Reports

struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Draws new codes and decodes them with a trained model.",
    discussion: """
      For a variational model, codes are drawn from its prior, the standard normal distribution; for an \
      adversarial model, from the prior of its training. Other models have no prior: a mixture of 10 \
      Gaussians is fitted to the codes of the training data, or to --codes, and codes are drawn from it. \
      --prior fits a distribution for any model. The same seed always gives the same samples.

        aegpu sample last --output samples.png
        aegpu sample last --count 1000 --temperature 0.8 --output samples.npy
        aegpu sample last --prior mixture:20 --label 7 --output sevens.png

      A conditional model samples the class --label, or each class in turn.
      """)

  @OptionGroup var options: RunOptions

  @Option(help: ArgumentHelp("Number of samples.", valueName: "n"))
  var count = 100

  @Option(help: "Random seed. (default: the run's seed)")
  var seed: Int?

  @Option(
    help: ArgumentHelp(
      "Factor for the standard deviation of the codes; below 1 gives more typical samples.",
      valueName: "factor"))
  var temperature = 1.0

  @Option(
    help: ArgumentHelp(
      "Distribution to fit to the codes of the training data: gaussian, or mixture:K with K Gaussians.",
      valueName: "gaussian|mixture:K"))
  var prior: FittedPrior?

  @Option(
    help: ArgumentHelp(
      "Fit the prior to these codes: a .npy or .csv file that encode wrote.",
      valueName: "file"))
  var codes: String?

  @Option(
    help: ArgumentHelp(
      "Class of the samples. A model that is not conditional fits the prior only to codes of training "
        + "examples with this label.", valueName: "label"))
  var label: String?

  @OptionGroup var result: ResultOptions

  func validate() throws {
    try RecipeOptions.expectCounts([("count", count)])
    if let seed, seed < 0 {
      throw ValidationError("--seed: expected a whole number from 0, received \(seed)")
    }
    guard temperature.isFinite, temperature >= 0 else {
      throw ValidationError("--temperature: expected a number from 0, received \(temperature)")
    }
  }

  func run() throws {
    let run = try OpenRun(options)
    guard run.recipe.model.codebook == nil else {
      throw Failure(
        "sample: expected a model without a codebook, received the recipe \(run.recipe.name): to sample "
          + "codebook indices needs a second model, which this program does not train; decode your own "
          + "indices with decode --indices")
    }
    let seed = seed.map { UInt64($0) } ?? run.recipe.seed
    let units = try run.recipe.model.codeShape().count
    var output = try ExampleOutput(
      result, run.autoencoder.facts(), verb: "samples", rows: { _ in count })
    let codes: [Float]
    // A conditional model reads the class; for others the prior is fitted to codes of the class.
    let classes = run.recipe.model.classes
    guard classes != nil || self.codes == nil || label == nil else {
      throw Failure(
        "--label: expected no label together with --codes, received \(label!); give --codes that are of "
          + "this class only")
    }
    let condition = try classes.map { classes in
      try label.map {
        try run.autoencoder.classNumber($0, of: classes, source: "--label")
      }
    }
    if run.recipe.model.followsPrior, prior == nil, label == nil || classes != nil {
      codes = run.autoencoder.priorCodes(count: count, seed: seed, temperature: temperature)
    } else {
      let fitted = try fit(run, units: units, seed: seed)
      codes = fitted.sample(count: count, seed: seed, temperature: temperature)
    }
    let model = try run.autoencoder.model()
    let decoded = condition.map { own in { own ?? $0 % classes! } }
    try model.decode(codes, label: decoded) { try output.write($0) }
    try output.finish()
    Program.note(Numbers.counted(count, "sample"), in: output.path)
  }

  /// A mixture fitted to the codes of a file or of training examples.
  private func fit(_ run: OpenRun, units: Int, seed: UInt64) throws -> CodePrior {
    let (codes, own) = try codesToFit(run, units: units)
    let components = prior?.components ?? FittedPrior.usual.components
    let fitted = try run.autoencoder.fittedPrior(to: codes, components: components, seed: seed)
    let along = fitted.componentCount.map { " in \($0) principal components" } ?? ""
    Program.complain(
      "sample: fitted \(components == 1 ? "a Gaussian" : "a mixture of \(components) Gaussians") "
        + "to \(own)\(along)")
    return fitted
  }

  /// The codes of the file or of training examples, and a description of them.
  private func codesToFit(
    _ run: OpenRun, units: Int
  ) throws -> (codes: [Float], text: String) {
    if let path = codes {
      let codes = try DecodeCommand.read(path, size: units)
      return (codes, "the \(Numbers.counted(codes.count / units, "code")) of \(path)")
    }
    let codes = try run.autoencoder.codesOfTraining(label: label)
    let own = label.map { " with label \($0)" } ?? ""
    return (codes, "the codes of \(Numbers.counted(codes.count / units, "training example"))\(own)")
  }
}

/// The value of `--prior`.
struct FittedPrior: Hashable, ExpressibleByArgument {
  let components: Int

  static let usual = FittedPrior(components: 10)

  private init(components: Int) { self.components = components }

  init?(argument: String) {
    if argument == "gaussian" {
      self.init(components: 1)
      return
    }
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0] == "mixture", let count = Int(parts[1]), count > 0 else {
      return nil
    }
    self.init(components: count)
  }
}
