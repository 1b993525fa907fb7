import Devices
import Foundation
import Plans

/// What trains and computes.
public struct Device: Hashable, Sendable, CustomStringConvertible {
  let choice: DeviceChoice

  /// A GPU where there is one, else the CPU; where `aegpu tune` timed the recipe, the fastest.
  public static let automatic = Device(choice: .automatic)
  /// The CPU, without OpenCL.
  public static let cpu = Device(choice: .native)
  /// An OpenCL device by its number in `Device.all`.
  public static func openCL(_ index: Int) -> Device { Device(choice: .openCL(index)) }

  public var description: String {
    switch choice {
    case .automatic: "auto"
    case .native: "cpu"
    case .reference: "reference"
    case .openCL(let index): "\(index)"
    }
  }

  /// A device of this machine.
  public struct Information: Hashable, Sendable {
    /// What trains on it.
    public let device: Device
    /// What its driver calls it.
    public let name: String
    /// Who made it.
    public let vendor: String
    /// The version of its driver.
    public let driver: String
    /// Whether it is a GPU.
    public let isGPU: Bool
    /// Bytes.
    public let memory: Int
  }

  /// The devices of this machine: those of OpenCL in the order of their numbers, then the CPU.
  /// - Throws: where the OpenCL loader fails.
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

  /// The library says nothing of its own accord, and leaves threads to the program.
  static let chooser = DeviceChooser(
    notice: { _ in }, pinsThreads: false,
    environment: { ProcessInfo.processInfo.environment[$0] })
}
