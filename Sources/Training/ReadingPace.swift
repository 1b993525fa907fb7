/// How many steps are queued before the log is read: as many as take a fifth of a second.
///
/// Reading waits for the device, so a step a read would be slow; and a device far behind its queue
/// would show old losses and answer an interruption late.
struct ReadingPace {
  static let secondsBetweenReads = 0.2

  private(set) var stepCount = 1

  /// Takes note of `steps` that were queued and waited for in `seconds`. The number at most
  /// doubles: the first steps say little about the next.
  mutating func note(steps: Int, seconds: Double) {
    guard steps > 0 else { return }
    let wanted = Self.secondsBetweenReads / max(seconds / Double(steps), 1e-9)
    stepCount = max(1, min(2 * stepCount, Int(min(wanted, 1e6))))
  }
}
