import CPUBackend
import Plans
import TestSupport

/// A backend that the suite tests.
struct TestBackend: Sendable, CustomStringConvertible {
  let description: String
  let make: @Sendable () throws -> any Backend

  /// Every device that is there, an OpenCL device with the kernels of either style.
  static let all: [TestBackend] = native + OpenCLTestDevice.styled.map(TestBackend.init)

  static let native = [
    TestBackend(description: "cpu", make: { CPUBackend() }),
    TestBackend(description: "cpu, 1 thread", make: { CPUBackend(threads: 1) }),
  ]

  init(description: String, make: @escaping @Sendable () throws -> any Backend) {
    (self.description, self.make) = (description, make)
  }

  init(_ device: OpenCLTestDevice) {
    self.init(description: device.description, make: { try device.open() })
  }
}
