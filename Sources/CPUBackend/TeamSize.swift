/// The number of threads of a step, where other processes want the same CPUs.
///
/// A step divides its work evenly and lasts as long as its slowest thread. On two CPUs beside one busy
/// process, two threads that wait for each other are slower than one alone; two trainings with two
/// threads each do half the work of two with one. So a thread is taken away for each CPU that threads
/// waited for, and given back one at a time where that is tried and none is waited for.
package struct TeamSize {
  package let full: Int
  package private(set) var current: Int
  /// How many windows in a row had too much waiting.
  private var busyWindows = 0
  private var isTrial = false
  private var nextTrial = 0.0
  private var pause = TeamSize.firstPause

  /// Seconds between two looks.
  package static let window = 0.2
  /// More CPUs waited for than this are another process's; less is what a system does now and then.
  static let tolerated = 0.35
  /// Seconds until another thread is tried; twice as many after each that was in vain.
  static let firstPause = 1.0
  static let longestPause = 8.0

  package init(full: Int) { (self.full, current) = (full, full) }

  /// - Parameters:
  ///   - waited: the seconds that all threads waited for a CPU, in a window of so many `seconds`.
  ///   - now: the window's end, in seconds since any fixed time.
  package mutating func update(waited: Double, seconds: Double, now: Double) {
    let missing = waited / seconds
    if missing > Self.tolerated {
      busyWindows += 1
      guard isTrial || busyWindows >= 2 else { return }
      pause = isTrial ? min(2 * pause, Self.longestPause) : Self.firstPause
      nextTrial = now + pause
      current = max(current - max(Int(missing.rounded()), 1), 1)
      (isTrial, busyWindows) = (false, 0)
    } else {
      busyWindows = 0
      if isTrial { (isTrial, pause, nextTrial) = (false, Self.firstPause, now) }
      guard current < full, now >= nextTrial else { return }
      current += 1
      isTrial = true
    }
  }
}
