import Datasets
import Synchronization

/// Says how far the reading of a large file is, where a user would wait in silence.
final class ReadingPrinter: Sendable {
  private let next = Mutex(ContinuousClock.now)

  private static let firstSilence = Duration.seconds(5)
  private static let silence = Duration.seconds(10)

  /// Watches all readings of the process from now on.
  static func begin() {
    let printer = ReadingPrinter()
    LongReading.watch.withLock { $0 = printer.note }
  }

  private func note(_ reading: LongReading) {
    let isDue = next.withLock { next in
      let now = ContinuousClock.now
      guard now >= max(next, reading.start + Self.firstSilence),
        reading.byteCount < reading.totalByteCount
      else { return false }
      next = now + Self.silence
      return true
    }
    guard isDue else { return }
    let percent = reading.byteCount * 100 / max(reading.totalByteCount, 1)
    Program.complain(
      "reading \(reading.path), \(percent) % of "
        + AvailableMemory.text(reading.totalByteCount))
  }
}
