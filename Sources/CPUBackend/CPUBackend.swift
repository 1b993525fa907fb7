import CLoops
import Plans

/// The native backend: oneDNN for products and convolutions, C loops for the rest, both with one
/// thread pool.
///
/// A backend, its stores and their executables may be used only by the thread that uses them first:
/// each thread that runs steps has its own pool.
package final class CPUBackend: Backend {
  /// The largest number of threads of a step, including the calling one.
  package let threads: Int
  package let device: DeviceInformation
  package let memory = MemoryTally()
  package var exchange: (any Exchange)?

  private let reusesArenas: Bool
  private let team: TeamWatch

  /// - Parameters:
  ///   - threads: `nil` for the default of OpenMP (`OMP_NUM_THREADS`, or the number of CPUs that the
  ///     process may use).
  ///   - reusesArenas: keeps the arena of an executable that is gone for the next one, where many
  ///     are prepared one after the other: new memory is a page fault for every page.
  package init(threads: Int? = nil, reusesArenas: Bool = false) {
    self.reusesArenas = reusesArenas
    let threads = max(threads ?? Int(loops_default_threads()), 1)
    self.threads = threads
    device = .native(threads: threads)
    team = TeamWatch(threads: threads)
  }

  package func makeStore(_ layout: StoreLayout) throws -> any Store {
    try CPUStore(
      layout, team: team, memory, exchange, reusesArenas: reusesArenas)
  }

  /// Pins each thread of the calling thread's pool to a separate CPU; otherwise the scheduler may
  /// run two on one CPU for long. From then on, steps take fewer threads while other processes want
  /// the CPUs (`TeamSize`), with the same results to the last bit. For programs, not libraries:
  /// threads that the calling thread starts later inherit its CPU.
  /// - Returns: whether they were pinned; false if the process may use only some of the CPUs.
  @discardableResult
  package func pinThreads() -> Bool {
    guard loops_pin_threads(Int32(threads)) != 0 else { return false }
    team.watch()
    return true
  }
}
