/// The description of a device in `list-devices` and in run folders.
package struct DeviceInformation: Hashable, Sendable, Codable {
  package enum Kind: String, Hashable, Sendable, Codable {
    case gpu, cpu, accelerator, other, native
  }

  /// The value for `--device`: `0`, `1`, …, or `cpu`.
  package var identifier: String
  package var name: String
  package var kind: Kind
  package var vendor: String
  package var driver: String
  /// For example `OpenCL 3.0`; for the native backend the library of the matrix products.
  package var version: String
  package var computeUnits: Int
  package var clockMegahertz: Int
  package var globalMemoryBytes: Int
  package var localMemoryBytes: Int
  package var largestAllocationBytes: Int
  /// Vector instructions in use, for the native backend.
  package var vectorInstructions: String?

  package init(
    identifier: String, name: String, kind: Kind, vendor: String, driver: String, version: String,
    computeUnits: Int, clockMegahertz: Int, globalMemoryBytes: Int, localMemoryBytes: Int,
    largestAllocationBytes: Int, vectorInstructions: String? = nil
  ) {
    self.identifier = identifier
    self.name = name
    self.kind = kind
    self.vendor = vendor
    self.driver = driver
    self.version = version
    self.computeUnits = computeUnits
    self.clockMegahertz = clockMegahertz
    self.globalMemoryBytes = globalMemoryBytes
    self.localMemoryBytes = localMemoryBytes
    self.largestAllocationBytes = largestAllocationBytes
    self.vectorInstructions = vectorInstructions
  }
}

extension DeviceInformation {
  /// Whether its memory is that of the host.
  package var hasMemoryOfHost: Bool { kind == .cpu || kind == .native }
}
