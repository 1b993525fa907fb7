import Graphs
import Plans

/// Plain loops in `Double`: the judge of the other backends, and the place where gradient rules are
/// held against differences. Nothing in it is fast.
package final class ReferenceBackend: Backend {
  package let device = DeviceInformation(
    identifier: "reference", name: "reference loops in double precision", kind: .native,
    vendor: "aegpu", driver: "none", version: "none", computeUnits: 1, clockMegahertz: 0,
    globalMemoryBytes: 0, localMemoryBytes: 0, largestAllocationBytes: Int.max)

  package let memory = MemoryTally()

  package init() {}

  package func makeStore(_ layout: StoreLayout) -> any Store { ReferenceStore(layout, memory) }
}
