import Analyses
import ArgumentParser
import Datasets
import Layers
import Reports
import Training

struct InterpolateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interpolate",
    abstract: "Interpolates between codes and decodes them with a trained model.",
    discussion: """
      By default, interpolates between the codes of two examples in equal steps, along a line or, with \
      --spherical, along the arc. With --traverse, writes one row per unit of the code: the unit goes from \
      3 standard deviations below its mean to 3 above, the other units have their values in example \
      --from, or their means. With --plane, writes a square grid for a code of two units: quantiles of \
      the standard normal distribution for a variational model, else from the smallest to the largest \
      code.

        aegpu interpolate last --from 3 --to 17 --steps 12 --output way.png
        aegpu interpolate last --traverse --output units.png
        aegpu interpolate last --plane --steps 20 --output plane.png
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var about: ShownOptions

  @Option(
    help: ArgumentHelp("Row of the first example, from 0. (default: 0)", valueName: "row"))
  var from: Int?

  @Option(help: ArgumentHelp("Row of the last example. (default: 1)", valueName: "row"))
  var to: Int?

  @Option(help: ArgumentHelp("Number of codes per row; with --plane also of rows.", valueName: "n"))
  var steps = 10

  @Flag(help: "Interpolate along the arc between the two codes.")
  var spherical = false

  @Flag(help: "Change one unit at a time.")
  var traverse = false

  @Flag(help: "Decode a grid over the plane of a two-unit code.")
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
          "--traverse can be combined with --from, but not with --to or --spherical; --plane with none "
            + "of the three")
      }
    }
  }

  func run() throws {
    let run = try OpenRun(options)
    let shown = try run.shown(about)
    let units = try run.recipe.model.codeShape().count
    guard !plane || units == 2 else {
      throw Failure(
        "--plane: expected a model with a code of 2 numbers, received \(units); try --traverse"
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
          + "units; write an array or a folder for all of them")
    }
    // All codes are decoded with the class of the first example.
    let first = shown.examples.labels.map { Int($0[from ?? 0]) } ?? 0
    let label = try condition.find(in: run) { _ in first }
    try model.decode(codes, label: label) { try output.write($0) }
    try output.finish()
    Program.note(Numbers.counted(codes.count / units, "code") + " decoded", in: output.path)
  }

  /// The largest number of units in a picture of traversals.
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
        "\(flag): expected a row of the data from 0 to \(count - 1), received \(row)")
    }
    var code: [Float] = []
    try model.encode(rows: row..<row + 1) { code += $1["code"]! }
    return code
  }
}
