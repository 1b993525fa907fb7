import ArgumentParser
import Datasets
import Reports

struct DecodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode",
    abstract: "Writes what a trained model makes of codes.",
    discussion: """
      Codes come as encode writes them: an array [rows, …], or a table with the columns code0, \
      code1, …, whose other columns are passed over. The answer is on the scale of the data: a \
      picture where they are images, unless --output or --format says otherwise, else a table.

        aegpu decode last --codes codes.npy --output images.png
        aegpu decode last --codes codes.csv --format csv > rows.csv
      """)

  @OptionGroup var options: RunOptions

  @Option(help: ArgumentHelp("A .npy or .csv file of codes.", valueName: "file"))
  var codes: String

  @OptionGroup var condition: ConditionOption
  @OptionGroup var result: ResultOptions

  func run() throws {
    let run = try OpenRun(options)
    let label = try condition.find(in: run) { $0 % (run.recipe.model.classes ?? 1) }
    let size = try run.recipe.model.codeShape().count
    let values = try Self.read(codes, size: size)
    let count = values.count / size
    let model = try run.model()
    var output = try ExampleOutput(result, run.facts(), verb: "decoded", rows: { _ in count })
    try model.decode(values, label: label) { try output.write($0) }
    try output.finish()
    Program.note(Numbers.counted(count, "code") + " decoded", in: output.path)
  }

  /// Codes `[N, size]` of a file.
  static func read(_ path: String, size: Int) throws -> [Float] {
    // A table's columns are found by name.
    let names = (0..<size).map { "code\($0)" }
    let examples = try Dataset.load(
      path, directory: nil, options: DataOptions(columns: names)
    ).training
    guard examples.featureCount == size else {
      throw Failure(
        "\(path): expected codes of \(size) numbers, as this model's are, received rows of "
          + "\(examples.featureCount); make them with encode")
    }
    switch examples.elements {
    case .floats(let floats): return floats
    case .doubles(let doubles): return doubles.map { Float($0) }
    case .bytes(let bytes): return bytes.map { Float($0) }
    }
  }
}
