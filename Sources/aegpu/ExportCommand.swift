import ArgumentParser
import Exports
import Foundation
import Reports
import Training

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes a trained model for other programs: ONNX, or safetensors with a model card.",
    discussion: """
      ONNX: a file that ends in .onnx takes the whole model, a folder encoder.onnx, decoder.onnx and the \
      whole as model.onnx. The input is called input, or code; the outputs reconstruction and code (mean \
      and logVariance of a variational model; of one with a codebook also indices). The first axis is \
      batch_size, of any size. Scales and means are inside: input is what the data have (bytes \
      divided by 255), reconstruction the same. A conditional model has an input label, int64. No \
      node is random: a variational model decodes the mean.

      Safetensors: a folder takes model.safetensors, config.json (recipe, layers, scaling, names of classes) \
      and a model card README.md, which tells how it was trained and judged and how NumPy computes \
      with it. Other commands take that model.safetensors, too.

        aegpu export last --output model.onnx
        aegpu export runs/mine --output exported/
        aegpu export runs/mine --output exported/ --format safetensors
      """)

  /// What a model is written as.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case onnx, safetensors
  }

  @Argument(
    help: ArgumentHelp(
      "A run's folder, a weights or checkpoint file in one, or last: the newest run under runs/.",
      valueName: "run"), completion: .runs)
  var name: String

  @Option(
    help: ArgumentHelp(
      "The file to write, which ends in .onnx, or a folder. - is standard output.",
      valueName: "file|folder"))
  var output: String

  @Option(help: "The form: onnx or safetensors. (default: onnx)")
  var format: Format?

  @Flag(help: "Replace the files that are there.")
  var overwrite = false

  func run() throws {
    let saved = try SavedRun(named: name)
    if let note = saved.note { Program.complain(note) }
    let export = try ModelExport(saved, version: Program.version)
    let target = try ExportTarget(output, isFolderAlone: format == .safetensors)
    try target.expectNothingThere(unless: overwrite)
    switch target {
    case .file(let path):
      try export.write(export.onnx(.whole), to: path)
      Program.note("the model", in: path)
    case .folder(let folder):
      switch format ?? .onnx {
      case .onnx:
        try export.writeParts(to: folder)
        Program.note("the model, its encoder and its decoder", in: folder)
      case .safetensors:
        try export.writeFolder(folder)
        Program.note("the weights, config.json and a model card", in: folder)
      }
    }
  }
}
