import Plans
import Reports
import Training

/// What `train` says at its end.
struct RunSummary: CustomStringConvertible {
  let folder: String
  let device: DeviceInformation
  var pictures: [String] = []
  var quality: RunQuality?
  /// The losses of the last epoch; in the end, of the one whose weights are kept.
  private var shown: EpochReport?
  private var reports: [EpochReport] = []
  private var result: TrainingEvent.Result?
  private var seconds = 0.0
  private var samplesPerSecond = 0.0
  private var epochs = 0.0

  init(folder: String, device: DeviceInformation) {
    self.folder = folder
    self.device = device
  }

  mutating func note(_ event: TrainingEvent) {
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

  var description: String {
    var rows = [("run", folder), ("device", "\(device.identifier) (\(device.name))")]
    if let result, result.stoppedEarly || result.epoch < result.epochs {
      rows.append(
        ("stopped", "after epoch \(result.epochs); the weights are those of epoch \(result.epoch)"))
    }
    if let shown {
      rows.append(("loss", text(shown.training)))
      if let validation = shown.validation { rows.append(("validation", text(validation))) }
      rows.append(("seconds", "\((seconds * 100).rounded() / 100)"))
      rows.append(("examples/s", Numbers.grouped(Int(samplesPerSecond.rounded()))))
    }
    if let share = quality?.sharedNeighbours {
      let percent = (share * 1000).rounded() / 10
      rows.append(("neighbours", "\(percent) % of codes lie next to one of their label"))
    }
    if let ratio = quality?.peakSignalToNoise {
      rows.append(("PSNR", "\((ratio * 100).rounded() / 100) dB"))
    }
    if let quality, let principal = quality.principalError {
      let (own, other) = (Numbers.loss(quality.meanSquaredError), Numbers.loss(principal))
      rows.append(("PCA", "squared error \(own), that of as many principal components \(other)"))
    }
    for picture in pictures { rows.append(("picture", picture)) }
    return rows.map { name, value in
      name + String(repeating: " ", count: 12 - name.count) + value
    }.joined(separator: "\n")
  }

  /// `268.41 (reconstruction 254.02, kl 14.39)`
  private func text(_ report: LossReport) -> String {
    let parts = report.parts.map { "\($0.name) \(Numbers.loss($0.value))" }
    return Numbers.loss(report.loss)
      + (parts.count > 1 ? " (\(parts.joined(separator: ", ")))" : "")
  }
}
