import Graphs
import Plans

/// Plain loops in `Double`: the reference for tests of the other backends and of gradient rules. It
/// is not optimized.
package final class ReferenceBackend: Backend {
  package let device = DeviceInformation(
    identifier: "reference", name: "reference loops in double precision", kind: .native,
    vendor: "aegpu", driver: "none", version: "none", computeUnits: 1, clockMegahertz: 0,
    globalMemoryBytes: 0, localMemoryBytes: 0, largestAllocationBytes: Int.max)

  package let memory = MemoryTally()
  package var exchange: (any Exchange)?

  package init() {}

  package func makeStore(_ layout: StoreLayout) -> any Store {
    ReferenceStore(layout, memory, exchange)
  }
}
