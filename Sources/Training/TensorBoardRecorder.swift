import Datasets
import Foundation
import Recipes
import Reports

/// Writes the results of a run for TensorBoard: `tensorboard --logdir runs`.
///
/// | in `tensorboard/` | contents |
/// |---|---|
/// | `events.out.tfevents.…` | losses after each epoch, `loss/train` and `loss/validation` and
/// likewise for each part; pictures |
/// | `codes.tsv`, `labels.tsv`, `projector_config.pbtxt` | at the end, the codes of the validation
/// examples, for the projector |
///
/// The events of a resumed run are written again from its `metrics.jsonl` and `images/`. A failure
/// does not end the run: it leaves a note.
package struct TensorBoardRecorder {
  private let folder: RunFolder
  private let events: EventFile
  private let gallery: Gallery
  private let shouldStop: () -> Bool
  private let labelNames: [String]?
  private var ownNotes: [String] = []
  /// Epochs whose pictures are written: a resumed run may draw the last ones again.
  private var picturedEpochs: Set<Int> = []

  /// Why something is missing.
  package var notes: [String] { [events.note].compactMap(\.self) + ownNotes }

  /// - Parameter shouldStop: checked while the model is evaluated.
  package init(
    _ folder: RunFolder, _ trainer: Trainer, _ data: TrainingData,
    shouldStop: @escaping () -> Bool = { false }
  ) {
    self.folder = folder
    self.shouldStop = shouldStop
    labelNames = data.sources.first?.labelNames
    gallery = Gallery(trainer, data, shouldStop: shouldStop)
    let files = FileManager.default
    try? files.createDirectory(atPath: folder.tensorboard, withIntermediateDirectories: true)
    for name in (try? files.contentsOfDirectory(atPath: folder.tensorboard)) ?? []
    where Self.isOwn(name) {
      try? files.removeItem(atPath: "\(folder.tensorboard)/\(name)")
    }
    let seconds = Int(Date().timeIntervalSince1970)
    let host = ProcessInfo.processInfo.hostName
    events = EventFile("\(folder.tensorboard)/events.out.tfevents.\(seconds).\(host)")
    for report in folder.reports() {
      add(report)
      addPictures(ofEpoch: report.epoch)
    }
  }

  /// Whether a file of this name is from a recorder.
  static func isOwn(_ name: String) -> Bool {
    name.hasPrefix("events.out.tfevents.")
      || ["codes.tsv", "labels.tsv", "projector_config.pbtxt"].contains(name)
  }

  /// Receives every event after the recorders that write `metrics.jsonl` and `images/`.
  package mutating func record(_ event: TrainingEvent) {
    switch event {
    case .epoch(let report): add(report)
    case .pictures(let data): addPictures(ofEpoch: data.epoch)
    case .step(let report):
      for part in report.loss.entries {
        events.add("\(part.name)/step", part.value, step: report.step)
      }
      events.add("learningRate/step", report.learningRate, step: report.step)
    case .finished:
      guard !shouldStop() else { return }
      do { try writeCodes() } catch { ownNotes.append("\(error)") }
    case .progress, .checkpoint, .fault: break
    }
  }

  private func add(_ report: EpochReport) {
    for part in report.training.entries {
      events.add("\(part.name)/train", part.value, step: report.epoch)
    }
    for part in report.validation?.entries ?? [] {
      events.add("\(part.name)/validation", part.value, step: report.epoch)
    }
    events.add("examples per second", report.samplesPerSecond, step: report.epoch)
  }

  private mutating func addPictures(ofEpoch epoch: Int) {
    guard !picturedEpochs.contains(epoch) else { return }
    for kind in ["reconstructions", "samples"] {
      let path = "\(folder.images)/\(kind)-\(RunFolder.name(ofEpoch: epoch)).png"
      guard let png = FileManager.default.contents(atPath: path),
        let (width, height) = PNG.size(of: Array(png))
      else { continue }
      events.add(kind, png: Array(png), width: width, height: height, step: epoch)
      picturedEpochs.insert(epoch)
    }
  }

  /// Writes the codes as tables for the projector.
  private func writeCodes() throws {
    let found = try gallery.codes()
    let (codes, size) = (found.values, found.size)
    let rows = stride(from: 0, to: codes.count, by: size).map { start in
      codes[start..<start + size].map { "\($0)" }.joined(separator: "\t") + "\n"
    }
    try AtomicFile.write(rows.joined(), to: folder.tensorboard + "/codes.tsv")
    var configuration = "embeddings {\n  tensor_name: \"codes\"\n  tensor_path: \"codes.tsv\"\n"
    if let labels = gallery.shown.labels {
      let names = labels.map { label in
        guard let labelNames, labelNames.indices.contains(Int(label)) else { return "\(label)" }
        return labelNames[Int(label)].filter { !$0.isNewline && $0 != "\t" }
      }
      try AtomicFile.write(
        names.map { $0 + "\n" }.joined(), to: folder.tensorboard + "/labels.tsv")
      configuration += "  metadata_path: \"labels.tsv\"\n"
    }
    try AtomicFile.write(
      configuration + "}\n", to: folder.tensorboard + "/projector_config.pbtxt")
  }
}

extension LossReport {
  /// The loss, and its parts if there are several.
  fileprivate var entries: [Part] {
    let all = parts + unweighted
    return [Part(name: "loss", value: loss)] + (all.count > 1 ? all : []) + phases
  }
}
