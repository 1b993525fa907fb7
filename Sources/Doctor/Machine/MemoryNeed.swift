import Datasets
import Plans
import Training

/// The device memory of a run.
package struct MemoryNeed: Hashable, Sendable {
  /// Of examples, parameters, gradients, moments, layer state, and every plan's arena.
  package let byteCount: Int
  /// The largest piece.
  package let largestByteCount: Int

  package init(_ plans: RunPlans) {
    let store = plans.store
    let flat =
      [store.parameters.count, store.parameters.count, store.state.count]
      + store.groups.flatMap { Array(repeating: $0.range.count, count: $0.momentCount) }
    let examples = store.feeds.values.map { $0.examples.byteCount + 4 * $0.exampleCount }
    let pieces =
      flat.map { 4 * $0 } + examples + plans.all.map { 4 * $0.arenaCount }
    byteCount = pieces.reduce(0) { $0.addingCapped($1) }
    largestByteCount = pieces.max() ?? 0
  }

  /// What is wrong where it does not fit.
  package func findings(
    of recipe: String, on device: DeviceInformation
  ) -> [Finding] {
    let isOfHost = device.kind == .cpu || device.kind == .native
    let free = isOfHost ? AvailableMemory.byteCount : device.globalMemoryBytes
    let text = AvailableMemory.text
    if byteCount > free {
      return [
        Finding(
          .fault, "\(recipe) takes \(text(byteCount)), and \(text(free)) are free",
          remedy: "take a smaller batch (--batch-size) or fewer examples (--limit), or end other "
            + "programs")
      ]
    }
    guard largestByteCount > device.largestAllocationBytes else { return [] }
    return [
      Finding(
        .fault,
        "\(recipe) takes \(text(largestByteCount)) in one piece, and the device gives at most "
          + text(device.largestAllocationBytes),
        remedy: "take a smaller batch (--batch-size) or fewer examples (--limit)")
    ]
  }
}
