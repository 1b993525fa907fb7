import Analyses
import ArgumentParser
import Datasets
import Layers
import Reports
import Training

struct InterpolateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interpolate",
    abstract: "Walks through the codes of a trained model and writes what it makes of them.",
    discussion: """
      From one example to another, in equal steps along a line or, with --spherical, along the arc \
      between their codes. With --traverse, a row to each unit of the code, from 3 deviations below \
      its mean to 3 above, the others as they are in example --from, or at their means. With --plane, \
      a square of codes of two units: equal shares of the standard normal distribution for a \
      variational model, else from the least to the largest code.

        aegpu interpolate last --from 3 --to 17 --steps 12 --output way.png
        aegpu interpolate last --traverse --output units.png
        aegpu interpolate last --plane --steps 20 --output plane.png
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var about: ShownOptions

  @Option(
    help: ArgumentHelp("The row of the first example, from 0. (default: 0)", valueName: "row"))
  var from: Int?

  @Option(help: ArgumentHelp("The row of the last. (default: 1)", valueName: "row"))
  var to: Int?

  @Option(help: ArgumentHelp("How many codes on the way; to a side of a plane.", valueName: "n"))
  var steps = 10

  @Flag(help: "Along the arc between the two codes.")
  var spherical = false

  @Flag(help: "One unit after the other.")
  var traverse = false

  @Flag(help: "All over the plane of a code of two units.")
  var plane = false

  @OptionGroup var condition: ConditionOption
  @OptionGroup var result: ResultOptions

  func validate() throws {
    guard steps > 1 else {
      throw ValidationError("--steps: expected a whole number from 2, received \(steps)")
    }
    guard !(traverse && plane) else {
      throw ValidationError("expected --traverse or --plane, received both")
    }
    if traverse || plane {
      guard to == nil, !spherical, from == nil || traverse else {
        throw ValidationError(
          "--from, --to and --spherical go from one example to another; --traverse takes --from only, "
            + "--plane none of them")
      }
    }
  }

  func run() throws {
    let run = try OpenRun(options)
    let shown = try run.shown(about)
    let units = try run.recipe.model.codeShape().count
    guard !plane || units == 2 else {
      throw Failure(
        "--plane: expected a model whose code has 2 numbers, received one of \(units); try --traverse"
      )
    }
    let model = try run.autoencoder.model(shown: shown.examples)
    var codes = try codes(model, run, shown, units: units)
    let all = codes.count / units
    var output = try ExampleOutput(
      result, run.autoencoder.facts(of: shown),
      verb: traverse ? "traversal" : plane ? "plane" : "interpolation",
      rows: { isGrid in isGrid && traverse ? min(all, Self.pictureRows * steps) : all },
      layout: .init(columns: steps, gap: plane ? 0 : 10))
    if output.isGrid, traverse, units > Self.pictureRows {
      codes = Array(codes.prefix(Self.pictureRows * steps * units))
      Program.complain(
        "interpolate: the picture shows the first \(Self.pictureRows) of \(Numbers.grouped(units)) "
          + "units; an array or a folder takes all")
    }
    // As the first example is, all the way.
    let first = shown.examples.labels.map { Int($0[from ?? 0]) } ?? 0
    let label = try condition.find(in: run) { _ in first }
    try model.decode(codes, label: label) { try output.write($0) }
    try output.finish()
    Program.note(Numbers.counted(codes.count / units, "code") + " decoded", in: output.path)
  }

  /// Units that a picture of traversals shows at most.
  private static let pictureRows = 64

  private func codes(
    _ model: TrainedModel, _ run: OpenRun, _ shown: ShownExamples, units: Int
  ) throws -> [Float] {
    if plane, case .variational = run.recipe.model.latent {
      let side = CodePaths.normalQuantiles(count: steps)
      return CodePaths.plane(side, side)
    }
    if traverse || plane {
      var statistics = CodeStatistics(units: units)
      try model.encode { statistics.add($1["code"]!) }
      let (low, high) = (statistics.smallest, statistics.largest)
      if plane {
        return CodePaths.plane(
          CodePaths.span(from: low[0], to: high[0], count: steps),
          CodePaths.span(from: low[1], to: high[1], count: steps))
      }
      let base =
        try from.map { try code(ofRow: $0, "--from", model) } ?? statistics.means.map { Float($0) }
      return CodePaths.traversals(of: base, in: statistics, steps: steps)
    }
    let first = try code(ofRow: from ?? 0, "--from", model)
    let last = try code(ofRow: to ?? 1, "--to", model)
    return spherical
      ? CodePaths.spherical(from: first, to: last, steps: steps)
      : CodePaths.linear(from: first, to: last, steps: steps)
  }

  private func code(ofRow row: Int, _ flag: String, _ model: TrainedModel) throws -> [Float] {
    let count = model.count(of: .validation)
    guard (0..<count).contains(row) else {
      throw Failure(
        "\(flag): expected a row from 0 to \(count - 1) of the data, received \(row)")
    }
    var code: [Float] = []
    try model.encode(rows: row..<row + 1) { code += $1["code"]! }
    return code
  }
}
