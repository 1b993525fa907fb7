import Foundation
import Reports
import Training

/// Shows a run on standard error: a bar that moves on a terminal, a line an epoch everywhere.
struct ProgressPrinter {
  private let isTerminal: Bool
  private let color: Bool
  private let epochs: Int

  init(epochs: Int) {
    let environment = ProcessInfo.processInfo.environment
    self.epochs = epochs
    isTerminal = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
    color = (environment["NO_COLOR"] ?? "").isEmpty
  }

  func show(_ event: TrainingEvent) {
    switch event {
    case .progress(let progress) where isTerminal:
      let bar = ProgressBar(
        epoch: progress.epoch, epochs: progress.epochs, fraction: progress.fraction,
        loss: progress.loss, examplesPerSecond: progress.examplesPerSecond,
        secondsLeft: progress.secondsLeft)
      write("\r" + bar.line(width: Self.terminalWidth - 1, color: color) + Self.clearToEnd)
    case .epoch(let report):
      write((isTerminal ? "\r" : "") + line(report) + (isTerminal ? Self.clearToEnd : "") + "\n")
    case .progress, .pictures, .checkpoint, .finished: break
    }
  }

  /// Leaves the bar's line, where something else is to be said.
  func breakLine() {
    if isTerminal { write("\r" + Self.clearToEnd) }
  }

  private func line(_ report: EpochReport) -> String {
    let number = String(report.epoch)
    let space = String(repeating: " ", count: String(epochs).count - number.count)
    var parts = ["epoch \(space)\(number)/\(epochs)", "loss \(Numbers.loss(report.training.loss))"]
    if let validation = report.validation {
      parts.append("validation \(Numbers.loss(validation.loss))")
    }
    parts.append("\(Numbers.grouped(Int(report.samplesPerSecond.rounded()))) examples/s")
    if report.epoch < epochs {
      parts.append("\(Numbers.duration(seconds: report.secondsLeft)) left")
    }
    return parts.joined(separator: "  ")
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
