import AEGPU
import Plans
import Reports
import Training

/// The result that `train` prints at the end.
struct RunSummary: CustomStringConvertible {
  let folder: String
  let device: DeviceInformation
  private(set) var pictures: [String] = []
  /// The epochs after which pictures were drawn; `pictures` has those of the last.
  private var pictureEpochs: [Int] = []
  private(set) var quality: RunQuality?
  /// The losses of the last epoch; at the end, of the epoch whose weights are kept.
  private(set) var shown: EpochReport?
  private var reports: [EpochReport] = []
  private(set) var result: TrainingEvent.Result?
  private(set) var seconds = 0.0
  private(set) var samplesPerSecond = 0.0
  private var epochs = 0.0
  /// The loss of the first steps.
  private var firstLoss: Double?

  init(folder: String, device: DeviceInformation) {
    self.folder = folder
    self.device = device
  }

  mutating func note(_ event: TrainingEvent) {
    if case .progress(let progress) = event, firstLoss == nil { firstLoss = progress.loss }
    if case .finished(let result) = event {
      self.result = result
      shown = reports.first { $0.epoch == result.epoch }
    }
    guard case .epoch(let report) = event else { return }
    reports.append(report)
    shown = report
    seconds += report.seconds
    // Epochs are of one size, so the mean speed is the harmonic one.
    epochs += 1
    samplesPerSecond =
      epochs / ((epochs - 1) / max(samplesPerSecond, 1e-9) + 1 / report.samplesPerSecond)
  }

  mutating func note(_ outcome: TrainingRun.Outcome) {
    pictures = outcome.pictures
    pictureEpochs = outcome.pictureEpochs
    quality = outcome.quality
  }

  var description: String {
    var rows = [("run", folder), ("device", "\(device.identifier) (\(device.name))")]
    if let result, result.stoppedEarly || result.epoch < result.epochs {
      rows.append(
        ("stopped", "after epoch \(result.epochs); the weights are those of epoch \(result.epoch)"))
    }
    if let shown {
      rows.append(("loss", shown.training.text))
      if let validation = shown.validation { rows.append(("validation", validation.text)) }
      if let firstLoss, shown.training.loss > firstLoss {
        rows.append(
          (
            "warning",
            "the final loss is above the initial loss, \(Numbers.loss(firstLoss)); "
              + "try a lower learning rate"
          ))
      }
      let largest = reports.map(\.training.loss).max() ?? 0
      if largest >= Self.unboundedLoss {
        rows.append(
          (
            "warning",
            "the loss reached \(Numbers.loss(largest)); scale the data, or lower the learning rate"
          ))
      }
      rows.append(("seconds", "\((seconds * 100).rounded() / 100)"))
      rows.append(("examples/s", Numbers.grouped(Int(samplesPerSecond.rounded()))))
    }
    if let quality { rows += Self.rows(quality) }
    if let warning = quality?.health?.warning { rows.append(("warning", warning)) }
    if let idle = quality?.health?.idleUnits { rows.append(("idle", idle)) }
    let earlier = pictureEpochs.dropLast().map(String.init)
    let others =
      earlier.isEmpty
      ? "" : ", and of epoch\(earlier.count > 1 ? "s" : "") \(earlier.joined(separator: ", "))"
    rows += pictures.map { ("picture", $0 + ($0.contains("-epoch-") ? others : "")) }
    return rows.map { name, value in
      name + String(repeating: " ", count: 12 - name.count) + value
    }.joined(separator: "\n")
  }

  /// A loss above this grows without bound.
  private static let unboundedLoss = 1e20

  /// The numbers, with their units and examples: losses refer to the scaled data.
  private static func rows(_ quality: RunQuality) -> [(String, String)] {
    var rows: [(String, String)] = []
    var error = Numbers.loss(quality.meanSquaredError)
    if let principal = quality.principal {
      error +=
        " (PCA of \(Numbers.grouped(principal.examples)) training examples with "
        + "\(principal.components) components: "
        + "\(Numbers.loss(principal.meanSquaredError)))"
    }
    let units =
      quality.range.map { range in
        "pixels from \(Numbers.plain(range.lowerBound)) to \(Numbers.plain(range.upperBound))"
      } ?? "in the data's own units"
    let examples =
      "\(Numbers.grouped(quality.examples)) "
      + (quality.isOfTraining
        ? "training examples, as there is no validation" : "validation examples")
    rows.append(("MSE", "\(error), \(units); \(examples)"))
    if let ratio = quality.peakSignalToNoise {
      rows.append(("PSNR", "\((ratio * 100).rounded() / 100) dB"))
    }
    if let share = quality.sharedNeighbours {
      let percent = (share * 1000).rounded() / 10
      var text = "1-nearest-neighbour label agreement \(percent) %"
      if let count = quality.neighbourExamples, count < quality.examples {
        text += ", among the first \(Numbers.grouped(count)) codes"
      }
      rows.append(("neighbours", text))
    }
    return rows
  }
}
