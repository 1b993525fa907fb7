import CPUBackend
import Foundation
import Graphs
import OpenCLBackend
import Plans
import ReferenceBackend

/// A backend that the suite judges: every device that is there, and every way to multiply on it.
struct TestBackend: Sendable, CustomStringConvertible {
  let description: String
  let make: @Sendable () throws -> any Backend

  static let all: [TestBackend] = native + openCL

  private static let native = [
    TestBackend(description: "cpu", make: { CPUBackend() }),
    TestBackend(description: "cpu, 1 thread", make: { CPUBackend(threads: 1) }),
  ]

  /// Each OpenCL device with its own kernels, with those for the other kind of device, and with CLBlast.
  private static let openCL: [TestBackend] = {
    let devices = (try? OpenCLDevices.all()) ?? []
    let variants: [(ProductChoice, WorkStyle)] = [
      (.tiled, .fat), (.tiled, .thin), (.clblast, .fat),
    ]
    return devices.indices.flatMap { index in
      variants.map { products, style in
        TestBackend(
          description: "OpenCL \(index), \(products.rawValue), \(style.rawValue)",
          make: { try OpenCLBackend(deviceIndex: index, products: products, style: style) })
      }
    }
  }()
}
