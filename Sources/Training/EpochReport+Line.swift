import Datasets

extension EpochReport {
  /// A line of `metrics.jsonl`.
  package var line: String {
    let judged = validation.map { ",\"validation\":\($0.json)" } ?? ""
    return "{\"epoch\":\(epoch),\"step\":\(step),\"train\":\(training.json)\(judged),"
      + "\"samplesPerSecond\":\(samplesPerSecond),\"seconds\":\(seconds)}"
  }

  /// No device trains so many examples in a second.
  private static let impossibleRate = 1e15

  /// Reads such a line; `nil` if it is not one.
  package init?(line: some StringProtocol) {
    guard let fields = try? JSON(parsing: Array(line.utf8)[...]),
      let epoch = fields["epoch"]?.integer, let step = fields["step"]?.integer,
      let training = fields["train"].flatMap(LossReport.init)
    else { return nil }
    let rate = fields["samplesPerSecond"]?.double ?? 0
    guard (0..<Self.impossibleRate).contains(rate) else { return nil }
    self.init(
      epoch: epoch, step: step, training: training,
      validation: fields["validation"].flatMap(LossReport.init), samplesPerSecond: rate,
      seconds: fields["seconds"]?.double ?? 0, secondsLeft: 0)
  }
}

extension LossReport {
  var json: String {
    let parts = (parts + unweighted + phases).map { ",\(JSON.quoted($0.name)):\($0.value)" }
      .joined()
    return "{\"loss\":\(loss)\(parts)}"
  }

  /// Values that are reported in addition to the parts.
  private static let unweightedNames = ["klNats", "perplexity"]

  fileprivate init?(_ json: JSON) {
    guard case .object(let fields) = json, let loss = json["loss"]?.double else { return nil }
    self.init(
      loss: loss,
      parts: fields.compactMap { name, value in
        name == "loss" || Self.unweightedNames.contains(name)
          ? nil : value.double.map { Part(name: name, value: $0) }
      },
      unweighted: Self.unweightedNames.compactMap { name in
        json[name]?.double.map { Part(name: name, value: $0) }
      })
  }
}
