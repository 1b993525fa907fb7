import Datasets
import Plans
import Recipes

/// What training takes of this machine's memory, whatever the examples: judged before any of it is
/// taken, as a process that gets none ends on the spot.
enum TrainingMemory {
  /// Code and tables of libraries, which are there once they are used.
  private static let ownByteCount = 64 << 20

  /// - Throws: `DatasetError.unexpected` where it is more than is free, or than the process may have.
  static func check(
    _ plans: RunPlans, on device: DeviceInformation, _ limit: MemoryLimit
  ) throws {
    try check(plans, on: device, limit: limit)
    let needed = byteCount(plans.store, on: device)
    try AvailableMemory.check(
      needed, place: "recipe", expected: "a network",
      what: "\(plans.store.parameters.count) parameters"
    ) { _ in "make its layers smaller, raise a limit (ulimit -v), or use a machine with more memory"
    }
  }

  /// What the process has now, and what training adds to it.
  private static func check(
    _ plans: RunPlans, on device: DeviceInformation, limit: MemoryLimit
  ) throws {
    guard let allowed = limit.byteCount else { return }
    let store = device.hasMemoryOfHost ? MemoryNeed(plans).byteCount : 0
    let needed =
      AvailableMemory.residentByteCount + store + byteCount(plans.store, on: device)
    guard needed > allowed else { return }
    throw DatasetError.unexpected(
      place: "--memory", expected: "at least \(AvailableMemory.text(needed)) for this training",
      received: AvailableMemory.text(allowed),
      advice: "allow more, take a smaller batch, or use a device with memory of its own")
  }

  /// A checkpoint has parameters and moments as doubles, and its file as floats; on the native
  /// backend they and the gradients lie here, too. No layout has so many parameters that this
  /// overflows.
  private static func byteCount(_ layout: StoreLayout, on device: DeviceInformation) -> Int {
    let moments = layout.groups.map { $0.range.count * $0.momentCount }.reduce(0, +)
    let kept = layout.parameters.count + moments
    let store = device.kind == .native ? 4 * (kept + layout.parameters.count) : 0
    return ownByteCount + 12 * kept + store
  }
}
