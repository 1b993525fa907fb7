import Plans

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
}
