import Plans
import Reports
import Training

/// The facts of the run: data, time, device.
struct RunHeader {
  private let run: RunReport

  init(_ run: RunReport) { self.run = run }

  var pieces: [HTML] {
    let environment = run.environment
    let count = run.record.saved.weights.layout.parameterCount
    var facts: [(name: String, value: HTML)] = [
      ("run", .text(run.folder)),
      ("recipe", "\(run.recipe.name), \(Numbers.counted(count, "parameter"))"),
      ("trained on", .text(environment.data.map(\.name).joined(separator: ", "))),
      ("validated on", .text(run.record.judgedOn)),
      ("started", PageText.time(environment.started)),
      (
        "took",
        "\(Numbers.duration(seconds: run.record.seconds)) (minutes:seconds) for \(Numbers.counted(run.epochs.count, "epoch"))"
      ),
      ("device", .text(environment.device.text)),
      ("driver", "\(environment.device.version), \(environment.device.driver)"),
      ("state", "\(run.state.rawValue); the weights are those of epoch \(run.record.epoch)"),
    ]
    if let note = run.note { facts.append(("note", .text(note))) }
    return [.facts(facts)]
  }
}

extension DeviceInformation {
  /// `cpu (AMD EPYC)`
  var text: String { "\(identifier) (\(name))" }
}
