import CPUBackend
import Foundation
import Graphs
import Plans
import ReferenceBackend

/// A backend that the suite judges: every device that is there, and every way to multiply on it.
struct TestBackend: Sendable, CustomStringConvertible {
  let description: String
  let make: @Sendable () throws -> any Backend

  static let all: [TestBackend] = native

  private static let native = [
    TestBackend(description: "cpu", make: { CPUBackend() }),
    TestBackend(description: "cpu, 1 thread", make: { CPUBackend(threads: 1) }),
  ]
}
