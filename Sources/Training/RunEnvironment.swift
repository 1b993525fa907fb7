import Datasets
import Foundation
import Plans

/// What `environment.json` holds: where and on what a run was made.
package struct RunEnvironment: Codable, Hashable, Sendable {
  package struct File: Codable, Hashable, Sendable {
    package var path: String
    package var sha256: String
    /// Where a large file was read in part: the hash is that of its first so many bytes.
    package var hashedBytes: Int?

    package init(path: String, sha256: String, hashedBytes: Int? = nil) {
      self.path = path
      self.sha256 = sha256
      self.hashedBytes = hashedBytes
    }
  }

  package struct Data: Codable, Hashable, Sendable {
    package var name: String
    package var files: [File]
  }

  package var program: String
  package var version: String
  package var commandLine: [String]
  package var started: Date
  package var seed: UInt64
  package var device: DeviceInformation
  /// The data set; another one after it where that validates.
  package var data: [Data]
  /// Where the first weights come from, if a file.
  package var initialWeights: File?
  /// How matrix products were computed, where the device has several ways.
  package var products: [ProductChoice]

  package init(
    version: String, commandLine: [String], started: Date, seed: UInt64, device: DeviceInformation,
    data: TrainingData, initialWeights: File?, products: [ProductChoice]
  ) {
    program = "aegpu"
    self.version = version
    self.commandLine = commandLine
    self.started = started
    self.seed = seed
    self.device = device
    self.data = data.sources.map { source in
      Data(
        name: source.name,
        files: source.files.map {
          File(path: $0.path, sha256: $0.sha256, hashedBytes: $0.hashedByteCount)
        })
    }
    self.initialWeights = initialWeights
    self.products = products
  }

  package func text() throws -> String {
    try jsonText() + "\n"
  }
}
