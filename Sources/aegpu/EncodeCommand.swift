import ArgumentParser
import Graphs
import Reports

struct EncodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "encode",
    abstract: "Encodes examples with a trained model.",
    discussion: """
      Writes one row per example, in the order of the data. A table has the columns row (from 0), code0, \
      code1, ... and, if the data have labels, label; an array has only the codes. The code of a \
      variational model is its mean. For a model with a codebook, --indices writes codebook indices in \
      place of vectors, from 0: the columns index0, index1, ..., or an int32 array.

        aegpu encode last --output codes.npy
        aegpu encode last --indices --output indices.npy
        aegpu encode runs/mine --data new.csv > codes.csv
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var about: ShownOptions
  @OptionGroup var memory: MemoryOption

  @Flag(help: "Write codebook indices in place of vectors.")
  var indices = false

  @OptionGroup var result: ResultOptions

  func run() throws {
    let run = try OpenRun(options)
    let shown = try run.shown(about, streaming: memory.limit)
    let (path, form) = try result.resolve([.csv, .npy, .json])
    if indices { _ = try run.codebook() }
    let (code, output) = (try run.recipe.model.codeShape(), indices ? "indices" : "code")
    let shape = indices ? Shape(Array(code.dimensions.dropLast())) : code
    let model = try run.autoencoder.model(shown: shown.examples)
    let writer = try ArrayWriter(
      path, form: form, rows: shown.examples.count, shape: shape.dimensions,
      names: (0..<shape.count).map { "\(indices ? "index" : "code")\($0)" }, labels: shown.labels,
      areWhole: indices, facts: run.autoencoder.facts(shown))
    try model.encode(outputs: [output]) { try writer.write($1[output]!) }
    try writer.finish()
    Program.note(
      "\(Numbers.counted(shown.examples.count, "code")) of "
        + (indices ? "\(shape.count) indices" : Numbers.counted(shape.count, "number"))
        + ", of \(shown.text)",
      in: path)
  }
}
