import ArgumentParser
import Exports
import Foundation
import Reports
import Training

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Exports a trained model as ONNX, or as safetensors with a model card.",
    discussion: """
      ONNX: --output FILE.onnx writes the whole model; --output FOLDER writes encoder.onnx, decoder.onnx \
      and the whole model as model.onnx. The input is named input, or code for the decoder; the outputs \
      are reconstruction and code (mean and logVariance for a variational model; also indices for a \
      model with a codebook). The first axis is batch_size, of any size. The model contains the scaling: \
      input and reconstruction are on the scale of the data (bytes divided by 255). A conditional model \
      has an input label, int64. The model is deterministic: a variational model decodes the mean.

      Safetensors: --output FOLDER writes model.safetensors, config.json (recipe, layers, scaling, class \
      names) and a model card README.md, which says how the model was trained and evaluated and how to \
      compute with it in NumPy. Other commands accept this model.safetensors in place of a run.

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
      "Run folder, a weights or checkpoint file in one, or last: the newest run under runs/.",
      valueName: "run"), completion: .runs)
  var name: String

  @Option(
    help: ArgumentHelp(
      "File to write, whose name ends in .onnx, or a folder. - is standard output.",
      valueName: "file|folder"))
  var output: String

  @Option(help: "Export format: onnx or safetensors. (default: onnx)")
  var format: Format?

  @Flag(help: "Replace existing files.")
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
