import ArgumentParser
import Devices
import Plans
import Reports

struct ListDevicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list-devices",
    abstract: "Lists the devices that can train, with the index that --device takes.")

  @Option(help: "Output format: text or json.")
  var format = OutputFormat.text

  func run() throws {
    let devices = try Program.devices.all()
    switch format {
    case .json: try Console.print(devices.map(DeviceRow.init).jsonText())
    case .text: try Console.print(Self.table(devices))
    }
  }

  static func table(_ devices: [DeviceInformation]) -> TextTable {
    var table = TextTable([
      .text("index"), .text("name"), .text("type"), .text("vendor"), .text("driver"),
      .text("version"), .number("units"), .number("MHz"), .number("memory"), .number("local"),
      .number("largest"), .text("vectors"),
    ])
    for device in devices {
      table.append([
        device.identifier, device.name, device.kind.rawValue, device.vendor, device.driver,
        device.version, "\(device.computeUnits)", "\(device.clockMegahertz)",
        byteText(device.globalMemoryBytes), byteText(device.localMemoryBytes),
        byteText(device.largestAllocationBytes), device.vectorInstructions ?? "",
      ])
    }
    return table
  }

  /// `31.3 GiB`, `512 KiB`; nothing for none.
  static func byteText(_ count: Int) -> String {
    guard count > 0 else { return "" }
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
    var value = Double(count)
    var unit = 0
    while value >= 1024, unit < units.count - 1 {
      value /= 1024
      unit += 1
    }
    let tenths = Int((value * 10).rounded())
    return (tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)")
      + " \(units[unit])"
  }
}

/// A device as `--format json` shows it.
private struct DeviceRow: Encodable {
  /// What `--device` takes.
  let device: String
  /// Of an OpenCL device.
  let index: Int?
  let name: String
  let type: String
  let vendor: String
  let driver: String
  let version: String
  let computeUnits: Int
  let clockMegahertz: Int
  let globalMemoryBytes: Int
  let localMemoryBytes: Int
  let largestAllocationBytes: Int
  /// Of the native backend.
  let vectorInstructions: String?
  let threads: Int?

  init(_ information: DeviceInformation) {
    device = information.identifier
    index = Int(information.identifier)
    name = information.name
    type = information.kind.rawValue
    vendor = information.vendor
    driver = information.driver
    version = information.version
    computeUnits = information.computeUnits
    clockMegahertz = information.clockMegahertz
    globalMemoryBytes = information.globalMemoryBytes
    localMemoryBytes = information.localMemoryBytes
    largestAllocationBytes = information.largestAllocationBytes
    vectorInstructions = information.vectorInstructions
    threads = information.kind == .native ? information.computeUnits : nil
  }
}
