import Glibc
import Plans
import Recipes

/// Time and memory until the first step of a run is done and its loss is read.
package struct FirstStep: Hashable, Sendable, Codable {
  /// Seconds since the start of the program.
  package let seconds: Double
  /// The peak memory of the process until then; `nil` if the system does not report it.
  package let peakHostBytes: Int?
  /// The peak size of the backend's buffers.
  package let peakDeviceBytes: Int

  /// Runs the first step in this process.
  /// - Parameters:
  ///   - start: when the program began, in nanoseconds of the monotonic clock.
  ///   - open: opens the device.
  package init(
    _ recipe: Recipe, batches: Int, since start: UInt64, open: () throws -> any Backend
  ) throws {
    let subject = try Subject(recipe, batches: batches, on: try open())
    var seconds: Double?
    _ = try subject.trainer.trainEpoch(
      since: ContinuousClock().now, shouldStop: { seconds != nil }
    ) { event in
      if case .progress = event, seconds == nil {
        seconds = Double(Self.now &- start) * 1e-9
      }
    }
    self.seconds = seconds!
    peakHostBytes = Self.peakHostBytes
    peakDeviceBytes = subject.backend.memory.peakByteCount
  }

  /// Nanoseconds of the monotonic clock, which all processes share.
  package static var now: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// `VmHWM` of this process.
  private static var peakHostBytes: Int? {
    guard let file = fopen("/proc/self/status", "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(
        decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      guard text.hasPrefix("VmHWM:") else { continue }
      return Int(text.filter(\.isNumber)).map { 1024 * $0 }
    }
    return nil
  }
}
