import Foundation

extension OpenCLBackend {
  /// Asks PoCL, a driver for CPU devices, to tie each of its threads to its own CPU; two of
  /// them on one CPU halve its speed. It sets `POCL_AFFINITY`, which PoCL reads once: call it
  /// before anything else here.
  ///
  /// Does nothing if the variable is set already, if PoCL is asked for a number of threads, which
  /// may be more than there are CPUs, or if the process is confined to some of the machine's CPUs,
  /// as PoCL would leave those. It changes the environment of the whole process: for programs, not
  /// libraries.
  package static func preferPinnedThreads() {
    let process = ProcessInfo.processInfo
    guard
      process.activeProcessorCount >= process.processorCount,
      process.environment["POCL_MAX_PTHREAD_COUNT"] == nil
    else { return }
    setenv("POCL_AFFINITY", "1", 0)
  }
}
