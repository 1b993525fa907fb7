import Devices
import Foundation
import Plans

/// A device that trains and computes.
public struct Device: Hashable, Sendable, CustomStringConvertible {
  let choice: DeviceChoice

  /// The device that `aegpu tune` measured as the fastest for the recipe; without a measurement a
  /// GPU, or the CPU if there is none.
  public static let automatic = Device(choice: .automatic)
  /// The CPU, without OpenCL.
  public static let cpu = Device(choice: .native)
  /// An OpenCL device by its index in `Device.all`.
  public static func openCL(_ index: Int) -> Device { Device(choice: .openCL(index)) }

  public var description: String { choice.argument }

  /// A device of this machine.
  public struct Information: Hashable, Sendable {
    /// The device.
    public let device: Device
    /// The name that its driver reports.
    public let name: String
    /// The manufacturer.
    public let vendor: String
    /// The version of its driver.
    public let driver: String
    /// Whether it is a GPU.
    public let isGPU: Bool
    /// Bytes.
    public let memory: Int
  }

  /// The devices of this machine: the OpenCL devices by index, then the CPU.
  /// - Throws: if the OpenCL loader fails.
  public static func all() throws(AutoencoderError) -> [Information] {
    try telling {
      try chooser.all().map { found in
        Information(
          device: Int(found.identifier).map { .openCL($0) } ?? .cpu, name: found.name,
          vendor: found.vendor, driver: found.driver, isGPU: found.kind == .gpu,
          memory: found.globalMemoryBytes)
      }
    }
  }

  /// The library prints nothing, and leaves the pinning of threads to the program.
  static let chooser = DeviceChooser(
    notice: { _ in }, pinsThreads: false,
    environment: { ProcessInfo.processInfo.environment[$0] })
}
