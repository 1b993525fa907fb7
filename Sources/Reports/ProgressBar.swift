/// The progress of a training run in one line of text: `epoch 3/100 ━━━━━╸      47 %  loss 0.3012
/// 142,310 examples/s  0:42 left`.
package struct ProgressBar: Hashable, Sendable {
  /// The current epoch, counted from 1.
  package var epoch: Int
  package var epochs: Int
  /// The completed fraction of this epoch, 0 to 1.
  package var fraction: Double
  package var loss: Double
  package var examplesPerSecond: Double
  /// Time left for the whole run; nil if it is not known yet.
  package var secondsLeft: Double?

  package init(
    epoch: Int, epochs: Int, fraction: Double, loss: Double, examplesPerSecond: Double,
    secondsLeft: Double?
  ) {
    self.epoch = epoch
    self.epochs = epochs
    self.fraction = fraction
    self.loss = loss
    self.examplesPerSecond = examplesPerSecond
    self.secondsLeft = secondsLeft
  }

  /// One line with a bar, at most `width` columns wide: the bar has 8 to 40 columns; in a narrow
  /// terminal the last parts are left out.
  /// - `color`: false if `NO_COLOR` is set.
  package func line(width: Int, color: Bool) -> String {
    var parts = parts
    while parts.count > 1 && room(beside: parts, in: width) < Self.barWidths.lowerBound {
      parts.removeLast()
    }
    let barWidth = min(room(beside: parts, in: width), Self.barWidths.upperBound)
    guard barWidth >= Self.barWidths.lowerBound else {
      return String("\(heading) \(percentage)".prefix(max(width, 0)))
    }
    return "\(heading) \(bar(barWidth, color: color)) " + parts.joined(separator: "  ")
  }

  /// One line without a bar, for logs and pipes.
  package var plainLine: String {
    "\(heading)  " + parts.joined(separator: "  ")
  }

  private static let barWidths = 8...40

  private var heading: String {
    let total = String(epochs)
    let current = String(epoch)
    return "epoch "
      + String(repeating: " ", count: max(total.count - current.count, 0)) + "\(current)/\(total)"
  }

  private var bounded: Double { fraction.isFinite ? min(max(fraction, 0), 1) : 0 }

  /// Rounded down, so that 100 % means done.
  private var percentage: String {
    let percent = String(Int(bounded * 100))
    return String(repeating: " ", count: 3 - percent.count) + percent + " %"
  }

  private var parts: [String] {
    var parts = [percentage, "loss \(Numbers.loss(loss))"]
    if examplesPerSecond.isFinite && examplesPerSecond >= 0 && examplesPerSecond < 1e15 {
      parts.append("\(Numbers.grouped(Int(examplesPerSecond.rounded()))) examples/s")
    }
    if let secondsLeft { parts.append("\(Numbers.duration(seconds: secondsLeft)) left") }
    return parts
  }

  /// Columns left for the bar.
  private func room(beside parts: [String], in width: Int) -> Int {
    width - heading.count - 2 - parts.joined(separator: "  ").count
  }

  /// The smallest step of the bar is half a column.
  private func bar(_ width: Int, color: Bool) -> String {
    let halves = Int(bounded * Double(2 * width))
    let done = String(repeating: "━", count: halves / 2) + (halves % 2 == 1 ? "╸" : "")
    let rest = width - done.count
    return color
      ? "\u{1b}[32m\(done)\u{1b}[90m" + String(repeating: "━", count: rest) + "\u{1b}[0m"
      : done + String(repeating: " ", count: rest)
  }
}
