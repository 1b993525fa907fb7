import CLoops
import COneDNN
import Glibc
import Plans

extension DeviceInformation {
  /// This machine, for `list-devices`.
  static func native(threads: Int) -> DeviceInformation {
    let fields = processorFields()
    var (major, minor, patch) = (Int32(0), Int32(0), Int32(0))
    onednn_version(&major, &minor, &patch)
    let memory = CPUMemory.physicalByteCount
    return DeviceInformation(
      identifier: "cpu",
      name: fields["model name"] ?? fields["Model"] ?? fields["Hardware"] ?? "CPU",
      kind: .native,
      vendor: fields["vendor_id"] ?? fields["CPU implementer"] ?? "unknown",
      driver: "native",
      version: "oneDNN \(major).\(minor).\(patch)",
      computeUnits: threads,
      clockMegahertz: Int(fields["cpu MHz"].flatMap(Double.init) ?? 0),
      globalMemoryBytes: memory,
      localMemoryBytes: 0,
      largestAllocationBytes: memory,
      vectorInstructions: String(cString: loops_vector_instructions()))
  }

  /// The first processor's `key : value` lines in `/proc/cpuinfo`; empty if there is none.
  private static func processorFields() -> [String: String] {
    guard let file = fopen("/proc/cpuinfo", "r") else { return [:] }
    defer { fclose(file) }
    var fields: [String: String] = [:]
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    while getline(&line, &capacity, file) > 0, let line {
      let parts = String(cString: line).split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      let (key, value) = (trimmed(parts[0]), trimmed(parts[1]))
      if fields[key] == nil { fields[key] = value }
    }
    return fields
  }

  private static func trimmed(_ text: Substring) -> String {
    let start = text.drop(while: \.isWhitespace)
    return String(start.reversed().drop(while: \.isWhitespace).reversed())
  }
}
