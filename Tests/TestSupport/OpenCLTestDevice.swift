import Foundation
import OpenCLBackend
import Plans
import Synchronization

/// An OpenCL device that the suite runs on, with kernels of one style: none where no driver is
/// installed, or where `AEGPU_TEST_DEVICE=cpu` leaves OpenCL out, and then no test has arguments.
package struct OpenCLTestDevice: Sendable, CustomStringConvertible {
  package let index: Int
  package let style: WorkStyle
  /// The candidate for all products that it supports; `nil`: the backend chooses.
  package let candidate: ProductCandidate?

  package init(index: Int, style: WorkStyle, candidate: ProductCandidate? = nil) {
    (self.index, self.style, self.candidate) = (index, style, candidate)
  }

  /// Each device with its default settings.
  package static let all: [OpenCLTestDevice] = {
    let leftOut = ProcessInfo.processInfo.environment["AEGPU_TEST_DEVICE"] == "cpu"
    let devices = leftOut ? [] : (try? OpenCLDevices.all()) ?? []
    return devices.enumerated().map { OpenCLTestDevice(index: $0, style: WorkStyle(for: $1)) }
  }()

  /// Each device with its own kernels, and with those for the other kind of device; if
  /// `AEGPU_TEST_STYLE` names one, `fat` or `thin`, only with that.
  package static let styled: [OpenCLTestDevice] = all.flatMap { device in
    let only = ProcessInfo.processInfo.environment["AEGPU_TEST_STYLE"].map {
      WorkStyle(rawValue: $0)
    }
    return [WorkStyle.fat, .thin].filter { only == nil || only == $0 }
      .map { OpenCLTestDevice(index: device.index, style: $0) }
  }

  /// The same with every candidate of the style for products.
  package static let forced: [OpenCLTestDevice] = styled.flatMap { device in
    ProductCandidate.all(device.style).map {
      OpenCLTestDevice(index: device.index, style: device.style, candidate: $0)
    }
  }

  package var description: String {
    "OpenCL \(index), \(style.rawValue)" + (candidate.map { ", \($0)" } ?? "")
  }

  /// - Parameters:
  ///   - products: which candidate computes which product, where none is forced.
  ///   - computeUnits: for how many launches are cut; the device's if `nil`.
  package func open(
    _ products: ProductTable = ProductTable(), computeUnits: Int? = nil
  ) throws -> OpenCLBackend {
    try OpenCLBackend(
      deviceIndex: index, products: candidate.map(ProductTable.forced) ?? products, style: style,
      computeUnits: computeUnits)
  }

  /// The same backend every time, with the programs that it has built, for tests that leave its
  /// settings as they are. One test runs at a time.
  package func shared() throws -> OpenCLBackend {
    try Self.opened.withLock { opened in
      if let backend = opened[description] { return backend.value }
      let backend = try open()
      opened[description] = Kept(value: backend)
      return backend
    }
  }

  private struct Kept: @unchecked Sendable { let value: OpenCLBackend }
  private static let opened = Mutex<[String: Kept]>([:])

  /// Whether what is forced can compute products of this shape.
  package func serves(_ shape: ProductShape) -> Bool {
    candidate?.serves(shape, style) ?? false
  }

  /// Whether the forced candidate computes every product that it supports, and there is one.
  package func isFollowed(in choices: [ProductChoice]) -> Bool {
    let served = choices.filter { serves($0.shape) }
    return !served.isEmpty && served.allSatisfy { $0.candidate == candidate?.description }
  }
}
