/// How much memory the process may have, and with that which examples stay in their files.
package struct MemoryLimit: Hashable, Sendable {
  /// `nil`: what is free.
  package let byteCount: Int?

  package init(byteCount: Int) { self.byteCount = byteCount }
  private init() { byteCount = nil }

  /// What is free.
  package static let free = MemoryLimit()

  /// The largest examples that are kept in memory: the device may have them a second time, and
  /// training needs memory, too.
  package var residentByteCount: Int { byteCount.map { $0 / 4 } ?? AvailableMemory.byteCount / 3 }
}
