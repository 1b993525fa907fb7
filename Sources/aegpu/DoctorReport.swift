import Doctor
import Plans
import Reports

/// What `aegpu doctor` found.
struct DoctorReport: Encodable, CustomStringConvertible {
  let device: DeviceInformation
  let recipes: [Checkup.Result]
  let findings: [Finding]

  /// Whether nothing is wrong.
  var isHealthy: Bool {
    recipes.allSatisfy(\.isRight) && !findings.contains { $0.weight == .fault }
  }

  private enum CodingKeys: String, CodingKey { case device, recipes, findings, healthy }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(device, forKey: .device)
    try container.encode(recipes, forKey: .recipes)
    try container.encode(findings, forKey: .findings)
    try container.encode(isHealthy, forKey: .healthy)
  }

  var description: String {
    var lines = ["device  \(device.identifier) (\(device.name), driver \(device.driver))"]
    for result in recipes {
      let head = "\(result.recipe): \(Numbers.counted(result.launches, "launch", "launches"))"
      guard !result.isRight else {
        lines.append(
          "right   \(head) in \(Numbers.short(result.seconds)) s; a training takes "
            + ListDevicesCommand.byteText(result.memoryBytes))
        continue
      }
      lines += result.evidence.prefix(Self.evidenceCount).map { "wrong   \(result.recipe): \($0)" }
      let more = result.evidence.count - Self.evidenceCount
      if more > 0 { lines.append("wrong   \(result.recipe): and \(more) more") }
      lines += result.instead.map { "instead \($0)" }
      if result.instead.isEmpty {
        lines.append(
          "remedy  nothing computes \(result.recipe) right there: update the driver, or choose "
            + "another device")
      }
    }
    for finding in findings {
      lines.append("\(finding.weight == .fault ? "wrong " : "note  ")  \(finding.what)")
      lines.append("remedy  \(finding.remedy)")
    }
    if isHealthy { lines.append("healthy nothing is wrong") }
    return lines.joined(separator: "\n")
  }

  private static let evidenceCount = 3
}
