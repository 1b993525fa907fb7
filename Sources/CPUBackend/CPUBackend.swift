import CLoops
import Plans

/// The native backend: oneDNN multiplies, C loops do the rest, both on one pool of threads.
///
/// A backend, its stores and their executables belong to the thread that uses them: each thread
/// that runs steps has its own pool.
package final class CPUBackend: Backend {
  /// The most threads that a step uses, the calling one included.
  package let threads: Int
  package let device: DeviceInformation
  package let memory = MemoryTally()

  /// - Parameter threads: `nil` for as many as OpenMP would use (`OMP_NUM_THREADS`, or the CPUs
  ///   that the process may run on).
  package init(threads: Int? = nil) {
    let threads = max(threads ?? Int(loops_default_threads()), 1)
    self.threads = threads
    device = .native(threads: threads)
  }

  package func makeStore(_ layout: StoreLayout) throws -> any Store {
    try CPUStore(layout, threads: threads, memory)
  }

  /// Ties each thread of the calling thread's pool to its own CPU; the scheduler may otherwise
  /// put two on one for long. For programs, not libraries: what the calling thread starts later
  /// inherits its CPU.
  /// - Returns: whether it did; not where the process may use only some of the CPUs.
  @discardableResult
  package func pinThreads() -> Bool { loops_pin_threads(Int32(threads)) != 0 }
}
