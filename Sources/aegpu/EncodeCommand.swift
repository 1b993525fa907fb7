import ArgumentParser
import Reports

struct EncodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "encode",
    abstract: "Writes the codes that a trained model gives to examples.",
    discussion: """
      A row to each example, in the order of the data. A table has the columns row (from 0), code0, \
      code1, … and label, where the data have labels; an array has the codes only. The code of a \
      variational model is its mean.

        aegpu encode last --output codes.npy
        aegpu encode runs/mine --data new.csv > codes.csv
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var about: ShownOptions
  @OptionGroup var result: ResultOptions

  func run() throws {
    let run = try OpenRun(options)
    let shown = try run.shown(about)
    let (path, form) = try result.resolve([.csv, .npy, .json])
    let shape = try run.recipe.model.codeShape()
    let model = try run.model(shown: shown.examples)
    let writer = try ArrayWriter(
      path, form: form, rows: shown.examples.count, shape: shape.dimensions,
      names: (0..<shape.count).map { "code\($0)" }, labels: shown.labels, facts: run.facts(shown))
    try model.encode { try writer.write($1["code"]!) }
    try writer.finish()
    Program.note(
      "\(Numbers.counted(shown.examples.count, "code")) of \(Numbers.counted(shape.count, "number")), of \(shown.text)",
      in: path)
  }
}
