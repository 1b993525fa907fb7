import CPUBackend
import Foundation
import Graphs
import OpenCLBackend
import Plans
import ReferenceBackend
import TestSupport

/// A backend that the suite judges: every device that is there, and every way to multiply on it.
struct TestBackend: Sendable, CustomStringConvertible {
  let description: String
  let make: @Sendable () throws -> any Backend

  static let all: [TestBackend] = native + openCL

  private static let native = [
    TestBackend(description: "cpu", make: { CPUBackend() }),
    TestBackend(description: "cpu, 1 thread", make: { CPUBackend(threads: 1) }),
  ]

  /// Each OpenCL device with its own kernels, and with those for the other kind of device.
  private static let openCL: [TestBackend] = {
    let devices = (try? OpenCLDevices.all()) ?? []
    return devices.indices.flatMap { index in
      [WorkStyle.fat, .thin].map { style in
        TestBackend(
          description: "OpenCL \(index), \(style.rawValue)",
          make: { try OpenCLBackend(deviceIndex: index, style: style) })
      }
    }
  }()

  /// Each OpenCL device with every candidate for its matrix products.
  static let products: [TestBackend] = {
    let devices = (try? OpenCLDevices.all()) ?? []
    return devices.indices.flatMap { index in
      [WorkStyle.fat, .thin].flatMap { style in
        ProductCandidate.all(style).map { candidate in
          TestBackend(
            description: "OpenCL \(index), \(style.rawValue), \(candidate)",
            make: {
              try OpenCLBackend(deviceIndex: index, products: .forced(candidate), style: style)
            })
        }
      }
    }
  }()
}
