import Datasets
import Foundation
import Layers
import Plans
import Reports

/// What `environment.json` holds: where and on what a run was made, what its model needs of the
/// data, and how far it came.
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

  package enum State: String, Codable, Hashable, Sendable {
    case running, finished, interrupted, failed
  }

  /// What `aegpu tune` had found for the device, which decides the bits of the weights.
  package struct Tuning: Codable, Hashable, Sendable {
    package var products: [ProductChoice]
    package var schedule: String?

    package init(products: [ProductChoice], schedule: String?) {
      self.products = products
      self.schedule = schedule
    }
  }

  package var program: String
  package var version: String
  package var commandLine: [String]
  package var started: Date
  package var state: State?
  /// When it came to that state.
  package var changed: Date?
  package var seed: UInt64
  package var device: DeviceInformation
  /// The data set; another one after it where that validates.
  package var data: [Data]
  /// Where data sets were looked for first.
  package var dataDirectory: String?
  package var model: DataDescription?
  /// Where the first weights come from, if a file.
  package var initialWeights: File?
  /// The parts of the network that they are for; `nil`: all.
  package var initialParts: [NetworkPart]?
  /// How matrix products were computed, where the device has several ways.
  package var products: [ProductChoice]
  /// `nil` where nothing was measured.
  package var tuning: Tuning?

  package init(
    version: String, commandLine: [String], started: Date, seed: UInt64, device: DeviceInformation,
    data: TrainingData, initialWeights: File?, products: [ProductChoice]
  ) {
    program = "aegpu"
    self.version = version
    self.commandLine = commandLine
    self.started = started
    state = .running
    changed = started
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

  /// Reads a run's file.
  package init(of folder: RunFolder) throws(TrainingError) {
    guard let bytes = FileManager.default.contents(atPath: folder.environment) else {
      throw .unreadable(path: folder.environment, reason: "no such file")
    }
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    do {
      self = try decoder.decode(Self.self, from: bytes)
    } catch {
      throw .unreadable(path: folder.environment, reason: "no record of a run")
    }
  }

  /// Writes it and the recipe into a run's folder.
  package func write(to folder: RunFolder, recipe: String) throws {
    try AtomicFile.write(recipe, to: folder.recipe)
    try AtomicFile.write(text(), to: folder.environment)
  }

  /// Throws where a run that goes on would train or judge on other data than before.
  package func expect(_ data: TrainingData) throws(TrainingError) {
    let now = data.sources.flatMap(\.files)
    let before = self.data.flatMap(\.files)
    for (old, new) in zip(before, now) where old.sha256 != new.sha256 {
      throw .otherData(path: new.path)
    }
    if before.count != now.count { throw .otherData(path: now.first?.path ?? "data") }
  }

  /// The state that a run is in: one that says that it is running, while no process holds its
  /// folder, was killed.
  package func state(in folder: RunFolder) -> State {
    let known = state ?? .finished
    return known == .running && !FolderLock.isHeld(folder.path) ? .interrupted : known
  }
}
