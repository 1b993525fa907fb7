import Foundation
import Reports
import Training

/// Shows progress on standard error: a progress bar on a terminal, elsewhere a line after some seconds
/// without output. Each epoch gets a line; if epochs are very short, only a few per second.
struct ProgressPrinter {
  private let isTerminal: Bool
  private let color: Bool
  private let isQuiet: Bool
  private let epochs: Int
  private var lastLine = ContinuousClock.now
  private let start = ContinuousClock.now
  /// Whether it was said how long the training will take.
  private var hasForecast = false
  /// The last epoch, if its line was skipped.
  private var unshown: EpochReport?

  /// - Parameter isQuiet: whether to show nothing.
  init(epochs: Int, isQuiet: Bool = false) {
    let environment = ProcessInfo.processInfo.environment
    self.epochs = epochs
    self.isQuiet = isQuiet
    isTerminal = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
    color = (environment["NO_COLOR"] ?? "").isEmpty
  }

  mutating func show(_ event: TrainingEvent) {
    guard !isQuiet else { return }
    switch event {
    case .progress(let progress):
      sayForecast(progress)
      let bar = ProgressBar(
        epoch: progress.epoch, epochs: progress.epochs, fraction: progress.fraction,
        loss: progress.loss, examplesPerSecond: progress.examplesPerSecond,
        secondsLeft: progress.secondsLeft)
      if isTerminal {
        write("\r" + bar.line(width: Self.terminalWidth - 1, color: color) + Self.clearToEnd)
      } else if ContinuousClock.now - lastLine >= Self.longSilence, progress.fraction < 1 {
        say(bar.plainLine)
      }
    case .step(let report): say(line(report))
    case .epoch(let report):
      let isRare =
        report.epoch <= Self.shownEpochs || ContinuousClock.now - lastLine >= Self.shortSilence
      unshown = isRare || report.epoch == epochs ? nil : report
      if unshown == nil { say(line(report)) }
    case .finished:
      if let unshown { say(line(unshown)) }
    case .pictures, .checkpoint, .fault: break
    }
  }

  /// Says once how long all of it will take, as soon as its speed is known, if that is long.
  private mutating func sayForecast(_ progress: TrainingEvent.Progress) {
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    guard !hasForecast, elapsed >= 1 else { return }
    hasForecast = true
    let whole = elapsed + progress.secondsLeft
    guard whole >= 20 else { return }
    say(
      "about \(Numbers.duration(seconds: whole)) for \(epochs) "
        + "\(epochs == 1 ? "epoch" : "epochs")")
  }

  /// The first epochs are always shown.
  private static let shownEpochs = 20
  private static let shortSilence = Duration.milliseconds(250)
  private static let longSilence = Duration.seconds(5)

  private mutating func say(_ line: String) {
    write((isTerminal ? "\r" : "") + line + (isTerminal ? Self.clearToEnd : "") + "\n")
    lastLine = .now
  }

  /// Clears the line of the progress bar before another message.
  func breakLine() {
    if isTerminal, !isQuiet { write("\r" + Self.clearToEnd) }
  }

  private func line(_ report: EpochReport) -> String {
    var parts = [heading(report.epoch), "loss \(report.training.text)"]
    if let validation = report.validation {
      parts.append("validation \(Numbers.loss(validation.loss))")
    }
    parts.append("\(Numbers.grouped(Int(report.samplesPerSecond.rounded()))) examples/s")
    if report.epoch < epochs {
      parts.append("\(Numbers.duration(seconds: report.secondsLeft)) left")
    }
    return parts.joined(separator: "  ")
  }

  private func line(_ report: StepReport) -> String {
    "\(heading(report.epoch))  step \(Numbers.grouped(report.step))  loss \(report.loss.text)  "
      + "learning rate \(Numbers.plain(report.learningRate))"
  }

  private func heading(_ epoch: Int) -> String {
    let number = String(epoch)
    let space = String(repeating: " ", count: max(String(epochs).count - number.count, 0))
    return "epoch \(space)\(number)/\(epochs)"
  }

  private func write(_ text: String) {
    Console.say(text)
  }

  private static let clearToEnd = "\u{1b}[K"

  private static var terminalWidth: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}

extension LossReport {
  /// `268.41 (reconstruction 254.02, kl 14.39)`: the parts, if there are several; after a semicolon, the
  /// losses of later phases.
  var text: String {
    func listed(_ parts: [Part]) -> String {
      parts.map { "\($0.name) \(Numbers.loss($0.value))" }.joined(separator: ", ")
    }
    let parts = parts + unweighted
    return Numbers.loss(loss) + (parts.count > 1 ? " (\(listed(parts)))" : "")
      + (phases.isEmpty ? "" : "; " + listed(phases))
  }
}
