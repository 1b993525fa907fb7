import Datasets
import Plans
import Recipes

/// What training takes of this machine's memory, whatever the examples: judged before any of it is
/// taken, as a process that gets none ends on the spot.
enum TrainingMemory {
  /// Code and tables of libraries, which are there once they are used.
  private static let ownByteCount = 64 << 20

  /// - Throws: `DatasetError.unexpected` where it is more than is free.
  static func check(_ plans: RunPlans, on device: DeviceInformation) throws {
    let needed = byteCount(plans.store, on: device)
    try AvailableMemory.check(
      needed, place: "recipe", expected: "a network",
      what: "\(plans.store.parameters.count) parameters"
    ) { _ in "make its layers smaller, raise a limit (ulimit -v), or use a machine with more memory"
    }
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
