import ArgumentParser
import Datasets
import Reports
import Training

struct DecodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode",
    abstract: "Decodes codes with a trained model.",
    discussion: """
      The codes are in the form that encode writes: an array [rows, ...], or a table with the columns \
      code0, code1, ...; other columns are ignored. The output is on the scale of the data: images as \
      one picture, other data as a table, unless --output or --format says otherwise. With --indices, \
      the file contains codebook indices, as encode --indices writes them.

        aegpu decode last --codes codes.npy --output images.png
        aegpu decode last --codes codes.csv --format csv > rows.csv
      """)

  @OptionGroup var options: RunOptions

  @Option(help: ArgumentHelp("A .npy or .csv file of codes.", valueName: "file"))
  var codes: String

  @Flag(help: "The file contains indices of the model's codebook.")
  var indices = false

  @OptionGroup var condition: ConditionOption
  @OptionGroup var result: ResultOptions

  func run() throws {
    let run = try OpenRun(options)
    let label = try condition.find(in: run) { $0 % (run.recipe.model.classes ?? 1) }
    let size = try run.recipe.model.codeShape().count
    let model = try run.autoencoder.model()
    let values =
      indices ? try vectors(run, model, size: size) : try Self.read(codes, size: size)
    let count = values.count / size
    var output = try ExampleOutput(
      result, run.autoencoder.facts(), verb: "decoded", rows: { _ in count })
    try model.decode(values, label: label) { try output.write($0) }
    try output.finish()
    Program.note(Numbers.counted(count, "code") + " decoded", in: output.path)
  }

  /// The codebook vectors of the indices in the file, `[N, size]`.
  private func vectors(_ run: OpenRun, _ model: TrainedModel, size: Int) throws -> [Float] {
    let count = try run.codebook().codes
    let places = try run.recipe.model.codeShape().rows
    let numbers = try Self.read(codes, size: places, column: "index")
    let found = try numbers.enumerated().map { place, number in
      guard let index = Int(exactly: number), (0..<count).contains(index) else {
        throw Failure(
          "\(codes): expected whole numbers from 0 to \(count - 1), received \(number) in row "
            + "\(place / places)")
      }
      return index
    }
    return try model.codes(of: found)
  }

  /// Codes `[N, size]` of a file.
  /// - Parameter column: the prefix of the columns' names in a table, before the number.
  static func read(_ path: String, size: Int, column: String = "code") throws -> [Float] {
    // A table's columns are found by name.
    let names = (0..<size).map { "\(column)\($0)" }
    let examples = try Dataset.load(
      path, directory: nil, options: DataOptions(columns: names)
    ).training
    guard examples.featureCount == size else {
      throw Failure(
        "\(path): expected codes of \(size) numbers, as this model has, received rows of "
          + "\(examples.featureCount) numbers; make them with encode")
    }
    switch examples.elements {
    case .floats(let floats): return floats
    case .doubles(let doubles): return doubles.map { Float($0) }
    case .bytes(let bytes): return bytes.map { Float($0) }
    case .stored: preconditionFailure(Examples.Elements.isStored)
    }
  }
}
