import Datasets
import Foundation
import Plans
import Reports

/// The folders with the results of `tune` and of device checks, one file per device: folders of the
/// program's cache folder.
package struct TuningFolder: Sendable {
  /// The program's cache folder.
  package let cache: String

  /// What is kept of a device.
  package enum Content: String, Sendable {
    /// How fast its products and recipes are.
    case tuned
    /// Whether it computes right.
    case checked
  }

  /// - Parameter environment: the value of an environment variable.
  /// - Returns: `nil` if the user has no cache folder.
  package init?(environment: (String) -> String?) {
    guard let cache = CacheFolder.path(environment: environment) else { return nil }
    self.cache = cache
  }

  /// `…/tuned/gpu-nvidia-h200.json`: kind and name, as a device's index may change.
  package func file(of device: DeviceInformation, _ content: Content = .tuned) -> String {
    let words = "\(device.kind.rawValue) \(device.name)".lowercased()
      .split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    return "\(cache)/\(content.rawValue)/\(words.joined(separator: "-")).json"
  }

  /// The stored results for a device.
  /// - Returns: `nil` if there are none.
  /// - Throws: `TuningError` if the file cannot be read, or is for another driver.
  package func record(of device: DeviceInformation) throws(TuningError) -> TuningRecord? {
    let file = file(of: device)
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    let record: TuningRecord
    do {
      record = try JSONDecoder().decode(
        TuningRecord.self, from: Data(contentsOf: URL(fileURLWithPath: file)))
    } catch let error as DecodingError {
      throw .unreadable(file: file, reason: Self.reason(error))
    } catch {
      throw .unreadable(file: file, reason: "the file could not be opened")
    }
    let wanted = TuningRecord.Device(device)
    guard record.device == wanted else {
      throw .otherDevice(file: file, recorded: record.device, found: wanted)
    }
    return record
  }

  /// Creates the folder if it does not exist.
  package func create(_ content: Content = .tuned) throws(TuningError) {
    let path = "\(cache)/\(content.rawValue)"
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .noFolder(path: path)
    }
  }

  /// Writes the results for a device; the file is written atomically.
  package func write(_ record: TuningRecord, of device: DeviceInformation) throws {
    try create()
    try AtomicFile.write(try record.jsonText() + "\n", to: file(of: device))
  }

  private static func reason(_ error: DecodingError) -> String {
    switch error {
    case .dataCorrupted(let context) where context.codingPath.isEmpty: "it is not JSON"
    case .dataCorrupted(let context): context.debugDescription
    case .keyNotFound(let key, _): "the field \(key.stringValue) is missing"
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      (context.codingPath.isEmpty
        ? "it" : context.codingPath.map(\.stringValue).joined(separator: "."))
        + " is not of type \(type)"
    @unknown default: "it has another format"
    }
  }
}
