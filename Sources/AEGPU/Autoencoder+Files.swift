import Datasets
import Exports
import Foundation
import Reports
import RunReports
import Training

extension Autoencoder {
  /// What a model is written as for other programs.
  public enum ExportFormat: String, Hashable, Sendable, CaseIterable {
    /// `encoder.onnx`, `decoder.onnx` and the whole, `model.onnx`: opset 17, the first axis `batch_size`.
    case onnx
    /// `model.safetensors`, `config.json` and a model card `README.md`.
    case safetensors
  }

  /// Writes the model for other programs. Every file is read again and compared before this returns.
  ///
  /// - Parameters:
  ///   - folder: where; it is made where there is none, and must be empty.
  ///   - format: as what.
  /// - Throws: where something is there, or it cannot be written.
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

  /// Writes a page about the model, one HTML file for any browser, for a phone and for paper: losses by
  /// epoch, evaluation, reconstructions, samples, codes, the device, the recipe.
  ///
  /// - Parameters:
  ///   - path: the file; one that is there is replaced.
  ///   - data: what the model is asked about; `nil`: the data that the recipe names.
  /// - Throws: where the model was not opened from a run's folder, or the file cannot be written.
  public func writeReport(
    to path: String, on data: Dataset? = nil
  ) throws(AutoencoderError) {
    try telling {
      guard !content.saved.folder.isEmpty else {
        throw AutoencoderError(
          "expected a model that was opened from a folder, received one that was only trained; save it "
            + "and open it first")
      }
      let report = try report { try data.map(shown) ?? shown(named: nil, split: nil) }
      try AtomicFile.write(
        ReportPage([report], made: Date(), version: Release.version).html(), to: path)
    }
  }

  /// All that a report shows but the time by kernel.
  /// - Parameter find: the examples that the model is asked about.
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

  /// How what the model makes is written.
  package func facts(of shown: ShownExamples? = nil) -> ExampleFacts {
    let recipe = content.recipe
    let byteScale = recipe.preparation.byteScale
    let names = shown == nil ? featureNames : shown?.featureNames
    // Without examples to go by, those of bytes.
    let range = shown?.restored.imageRange(byteScale: byteScale) ?? 0...255 * byteScale
    let imageShape = names == nil ? recipe.inputImageShape : nil
    let folder = content.saved.folder
    return ExampleFacts(
      imageShape: shown.map(\.imageShape) ?? imageShape, input: recipe.model.input,
      featureNames: names, window: recipe.dataOptions.window, range: range, scaling: readScaling,
      pictureFolder: folder + "/images", facts: shown.map(facts) ?? [("run", folder)])
  }

  /// What a JSON object says of what it is about.
  package func facts(_ shown: ShownExamples) -> [(name: String, value: String)] {
    let subject = subject(shown)
    return [("run", subject.run), ("data", subject.data), ("split", subject.split)]
  }
}

extension ShownExamples {
  /// The examples as a person would look at them.
  fileprivate var restored: Examples {
    guard let scaling, case .floats(let values) = examples.elements else { return examples }
    return examples.with(
      elements: .floats(scaling.restored(values).map { Float($0) }), labels: examples.labels)
  }
}
