import Datasets
import Foundation
import Layers
import Plans
import Reports

/// The contents of `environment.json`: program, device and data of a run, what its model needs to
/// know of the data, and its state.
package struct RunEnvironment: Codable, Hashable, Sendable {
  package struct File: Codable, Hashable, Sendable {
    package var path: String
    package var sha256: String
    /// If only a part of a large file was read: the number of bytes at its start that the hash is
    /// of.
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

  /// The results of `aegpu tune` for the device, which determine the bits of the weights.
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
  /// The time of the last change of the state.
  package var changed: Date?
  package var seed: UInt64
  package var device: DeviceInformation
  /// The number of ranks that trained together, at last; `nil` for one process.
  package var ranks: Int?
  /// The data set; then the validation data set, if it is another.
  package var data: [Data]
  /// The folder that was searched for data sets first.
  package var dataDirectory: String?
  /// Whether training examples are read from their files while training; `nil` for no.
  package var readsExamplesFromFiles: Bool?
  package var model: DataDescription?
  /// The file of the initial weights, if there is one.
  package var initialWeights: File?
  /// The parts of the network that these are for; `nil`: all.
  package var initialParts: [NetworkPart]?
  /// How matrix products were computed, if the device has several ways.
  package var products: [ProductChoice]
  /// `nil` if nothing was measured.
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
      throw .unreadable(path: folder.environment, reason: "not a record of a run")
    }
  }

  /// Writes it and the recipe to a run folder.
  package func write(to folder: RunFolder, recipe: String) throws {
    try AtomicFile.write(recipe, to: folder.recipe)
    try AtomicFile.write(text(), to: folder.environment)
  }

  /// Throws if a resumed run would train or validate on other data than before.
  package func expect(_ data: TrainingData) throws(TrainingError) {
    let now = data.sources.flatMap(\.files)
    let before = self.data.flatMap(\.files)
    for (old, new) in zip(before, now) where old.sha256 != new.sha256 {
      throw .otherData(path: new.path)
    }
    if before.count != now.count { throw .otherData(path: now.first?.path ?? "data") }
  }

  /// The state of a run. If its file says that it is running, but no process holds its folder, it
  /// was killed.
  package func state(in folder: RunFolder) -> State {
    let known = state ?? .finished
    return known == .running && !FolderLock.isHeld(folder.path) ? .interrupted : known
  }
}
