import Foundation
import OpenCLBackend
import Plans
import Reports
import Tuning

/// What is known of a device with its driver: which plans it computes right, and what stands in where it
/// does not.
package struct CheckRecord: Hashable, Sendable, Codable {
  package let device: TuningRecord.Device
  /// Digests of what was found right.
  package private(set) var passed: [String] = []
  /// What stands in for what was found wrong.
  package private(set) var replaced: [Replacement] = []

  init(_ device: TuningRecord.Device) { self.device = device }

  /// So many are kept: a person may try many networks.
  private static let limit = 1000

  mutating func pass(_ digest: String) {
    guard !passed.contains(digest) else { return }
    passed.append(digest)
    passed.removeFirst(max(passed.count - Self.limit, 0))
  }

  /// Takes back what was known of it.
  mutating func forget(_ digest: String) {
    passed.removeAll { $0 == digest }
    replaced.removeAll { $0.digest == digest }
  }

  package mutating func replace(_ replacement: Replacement) {
    replaced.removeAll { $0.digest == replacement.digest }
    replaced.append(replacement)
    replaced.removeFirst(max(replaced.count - Self.limit, 0))
  }

  /// What stands in where this digest was found wrong.
  func replacement(of digest: String) -> Replacement? { replaced.first { $0.digest == digest } }
}

extension TuningFolder {
  /// The device's record; an empty one where there is none, or one of another driver or version of
  /// the program: then everything is checked anew.
  package func checks(of device: DeviceInformation) -> CheckRecord {
    let wanted = TuningRecord.Device(device)
    let file = URL(fileURLWithPath: file(of: device, .checked))
    guard let data = try? Data(contentsOf: file),
      let record = try? JSONDecoder().decode(CheckRecord.self, from: data),
      record.device == wanted
    else { return CheckRecord(wanted) }
    return record
  }

  /// Writes the device's record, whole or not at all.
  package func write(_ record: CheckRecord, of device: DeviceInformation) throws {
    try create(.checked)
    try AtomicFile.write(try record.jsonText() + "\n", to: file(of: device, .checked))
  }
}
