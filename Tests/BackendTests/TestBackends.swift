import CPUBackend
import Plans
import TestSupport

/// A backend that the suite tests.
struct TestBackend: Sendable, CustomStringConvertible {
  let description: String
  /// The same OpenCL backend every time, with the programs that it has built.
  let make: @Sendable () throws -> any Backend
  /// Another backend every time, for threads and settings of its own.
  let makeOwn: @Sendable () throws -> any Backend

  /// Every device that is there, an OpenCL device with the kernels of either style.
  static let all: [TestBackend] = native + OpenCLTestDevice.styled.map(TestBackend.init)

  static let native = [
    TestBackend(description: "cpu", make: { CPUBackend() }),
    TestBackend(description: "cpu, 1 thread", make: { CPUBackend(threads: 1) }),
  ]

  init(description: String, make: @escaping @Sendable () throws -> any Backend) {
    (self.description, self.make, makeOwn) = (description, make, make)
  }

  init(_ device: OpenCLTestDevice) {
    description = device.description
    make = { try device.shared() }
    makeOwn = { try device.open() }
  }
}
