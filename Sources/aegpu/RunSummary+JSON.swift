import Plans
import Reports
import Training

/// The result of `train --format json`: one object. Keys that do not apply are left out.
extension RunSummary: Encodable {
  private enum Key: String, CodingKey {
    case run, device, deviceName, epochs, epoch, stoppedEarly, training, validation, seconds,
      examplesPerSecond, quality, pictures, weights
  }

  func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Key.self)
    try object.encode(folder, forKey: .run)
    try object.encode(device.identifier, forKey: .device)
    try object.encode(device.name, forKey: .deviceName)
    if let result {
      try object.encode(result.epochs, forKey: .epochs)
      try object.encode(result.epoch, forKey: .epoch)
      try object.encode(result.stoppedEarly, forKey: .stoppedEarly)
      try object.encode("\(folder)/weights.safetensors", forKey: .weights)
    }
    if let shown {
      try object.encode(shown.training.values, forKey: .training)
      try object.encodeIfPresent(shown.validation?.values, forKey: .validation)
      try object.encode(seconds, forKey: .seconds)
      try object.encode(samplesPerSecond, forKey: .examplesPerSecond)
    }
    try object.encodeIfPresent(quality.map(Quality.init), forKey: .quality)
    try object.encode(pictures, forKey: .pictures)
  }

  /// The keys of `quality.json`.
  private struct Quality: Encodable {
    let examples: Int
    let split: String
    let meanSquaredError: Double?
    let range: [Double]?
    let peakSignalToNoise: Double?
    let sharedNeighbours: Double?
    let neighbourExamples: Int?
    let errorOfMean: Double?
    let idleCodeUnits: Int?
    let deadUnits: Int?
    let warning: String?
    let principalComponents: Int?
    let principalComponentsError: Double?

    init(_ quality: RunQuality) {
      func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
      examples = quality.examples
      split = quality.split
      meanSquaredError = finite(quality.meanSquaredError)
      range = quality.range.map { [$0.lowerBound, $0.upperBound] }
      peakSignalToNoise = finite(quality.peakSignalToNoise)
      sharedNeighbours = finite(quality.sharedNeighbours)
      neighbourExamples = quality.neighbourExamples
      errorOfMean = finite(quality.health?.errorOfMean)
      idleCodeUnits = quality.health?.idleCodeUnits.count
      deadUnits = quality.health?.deadUnits?.count
      warning = quality.health?.warning
      principalComponents = quality.principal?.components
      principalComponentsError = finite(quality.principal?.meanSquaredError)
    }
  }
}

extension LossReport {
  /// The loss, its parts and the losses of other phases by name, as in a line of `metrics.jsonl`.
  fileprivate var values: [String: Double] {
    Dictionary(uniqueKeysWithValues: (parts + unweighted + phases).map { ($0.name, $0.value) })
      .merging(["loss": loss]) { $1 }
  }
}
