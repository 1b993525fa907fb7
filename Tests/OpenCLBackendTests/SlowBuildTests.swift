import OpenCLBackend
import Synchronization
import TestSupport
import Testing

/// The line that a user sees while programs are built; what counts as slow is the test's to say.
@Suite(.serialized) struct SlowBuildTests {
  @Test(arguments: OpenCLTestDevice.all) func isTold(_ device: OpenCLTestDevice) throws {
    let told = Told()
    let backend = try OpenCLBackend(deviceIndex: device.index, onSlowBuild: told.note)
    let keys = ["MANY=1", "MANY=2", "MANY=3"].map { ProgramKey(file: "gather", defines: [$0]) }
    // Fast enough for an hour; then slow from the start, once for the two that are not there yet.
    try backend.build([keys[0]], slow: .seconds(3600))
    #expect(told.counts == [])
    try backend.build(keys + keys, slow: .zero)
    #expect(told.counts == [2])
    try backend.build(keys, slow: .zero)
    #expect(told.counts == [2])
  }
}

/// Counts from several threads.
private final class Told: Sendable {
  private let mutex = Mutex<[Int]>([])

  var counts: [Int] { mutex.withLock { $0 } }

  func note(_ count: Int) { mutex.withLock { $0.append(count) } }
}
