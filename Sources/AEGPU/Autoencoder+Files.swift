import Datasets
import Exports
import Foundation
import Reports
import RunReports
import Training

extension Autoencoder {
  /// The formats of an exported model.
  public enum ExportFormat: String, Hashable, Sendable, CaseIterable {
    /// `encoder.onnx`, `decoder.onnx` and the whole model, `model.onnx`: opset 17, first axis
    /// `batch_size`.
    case onnx
    /// `model.safetensors`, `config.json` and a model card `README.md`.
    case safetensors
  }

  /// Exports the model for other programs. Every file is read back and compared before this method
  /// returns.
  ///
  /// - Parameters:
  ///   - folder: the folder; it is created if it does not exist, and must be empty.
  ///   - format: the format.
  /// - Throws: if the folder is not empty, or cannot be written.
  public func export(to folder: String, as format: ExportFormat) throws(AutoencoderError) {
    try telling {
      guard (try? FileManager.default.contentsOfDirectory(atPath: folder))?.isEmpty ?? true else {
        throw ExportError.outputExists(path: folder)
      }
      let export = try ModelExport(content.saved, version: Release.version)
      switch format {
      case .onnx: try export.writeParts(to: folder)
      case .safetensors: try export.writeFolder(folder)
      }
    }
  }

  /// Writes a report about the model, one self-contained HTML file for browsers, phones and
  /// printing: losses by epoch, evaluation, reconstructions, samples, codes, the device, the
  /// recipe.
  ///
  /// - Parameters:
  ///   - path: the file; an existing file is replaced.
  ///   - data: the examples of the report; `nil`: the recipe's data.
  /// - Throws: if the model was not opened from a run folder, or the file cannot be written.
  public func writeReport(
    to path: String, on data: Dataset? = nil
  ) throws(AutoencoderError) {
    try telling {
      guard !content.saved.folder.isEmpty else {
        throw AutoencoderError(
          "expected a model that was opened from a folder, received one that was only trained; save it "
            + "and open it first")
      }
      let report = try report { try data.map(loaded) ?? shown(named: nil, split: nil) }
      try AtomicFile.write(
        ReportPage([report], made: Date(), version: Release.version).html(), to: path)
    }
  }

  /// All contents of a report except the time by kernel.
  /// - Parameter find: returns the examples of the report.
  package func report(on find: () throws -> ShownExamples) throws -> RunReport {
    var report = try RunReport(content.saved)
    do {
      let shown = try find()
      let training = Result { try self.training().examples }
      let facts = facts(of: shown)
      report.ask(
        Asked(
          try model(shown: shown.examples, training: try? training.get()), shown,
          training: training, grid: facts.grid, names: facts.names, subject: subject(shown)),
        on: backend.device)
    } catch {
      report.measured = .missing("\(error)")
    }
    return report
  }

  /// What is needed to write the model's output.
  package func facts(of shown: ShownExamples? = nil) -> ExampleFacts {
    let recipe = content.recipe
    let byteScale = recipe.preparation.byteScale
    let names = shown == nil ? featureNames : shown?.featureNames
    // Without examples, the range of bytes.
    let range = shown?.restored.imageRange(byteScale: byteScale) ?? 0...255 * byteScale
    let imageShape = names == nil ? recipe.inputImageShape : nil
    let folder = content.saved.folder
    return ExampleFacts(
      imageShape: shown.map(\.imageShape) ?? imageShape, input: recipe.model.input,
      featureNames: names, window: recipe.dataOptions.window, range: range, scaling: readScaling,
      pictureFolder: folder + "/images", facts: shown.map(facts) ?? [("run", folder)])
  }

  /// Fields about run and data in a JSON object.
  package func facts(_ shown: ShownExamples) -> [(name: String, value: String)] {
    let subject = subject(shown)
    return [("run", subject.run), ("data", subject.data), ("split", subject.split)]
  }
}

extension ShownExamples {
  /// The examples on the scale of the data.
  fileprivate var restored: Examples {
    guard let scaling, case .floats(let values) = examples.elements else { return examples }
    return examples.with(
      elements: .floats(scaling.restored(values).map { Float($0) }), labels: examples.labels)
  }
}
