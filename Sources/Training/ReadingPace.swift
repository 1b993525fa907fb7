/// The number of steps that are queued before the log is read: about a fifth of a second.
///
/// Reading waits for the device, so reading after each step would be slow. With a long queue, the
/// shown losses would be old, and an interruption would take long.
struct ReadingPace {
  static let secondsBetweenReads = 0.2

  private(set) var stepCount = 1

  /// Records that `steps` steps took `seconds`. The number at most doubles, because the first steps
  /// say little about the next.
  mutating func note(steps: Int, seconds: Double) {
    guard steps > 0 else { return }
    let wanted = Self.secondsBetweenReads / max(seconds / Double(steps), 1e-9)
    stepCount = max(1, min(2 * stepCount, Int(min(wanted, 1e6))))
  }
}
