/// How much memory the process may have, and with that which examples stay in their files.
package struct MemoryLimit: Hashable, Sendable {
  /// `nil`: what is free.
  package let byteCount: Int?

  package init(byteCount: Int) { self.byteCount = byteCount }
  private init() { byteCount = nil }

  /// What is free.
  package static let free = MemoryLimit()

  /// Whether training examples stay in their files, whatever their size: a run is resumed as it
  /// began, as the order of its examples follows from that; `nil`: as their size demands.
  package var staysInFiles: Bool?

  /// The largest training examples that are kept in memory.
  package var residentByteCount: Int {
    switch staysInFiles {
    case nil: loadableByteCount
    case true?: 0
    case false?: .max
    }
  }

  /// The largest examples that may be loaded: the device may have them a second time, and training
  /// needs memory, too.
  package var loadableByteCount: Int { byteCount.map { $0 / 4 } ?? AvailableMemory.byteCount / 3 }
}
