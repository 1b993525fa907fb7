import Foundation

extension OpenCLBackend {
  /// Makes PoCL, a driver for CPU devices, pin each of its threads to a separate CPU; two of them
  /// on one CPU would halve its speed. It sets `POCL_AFFINITY`, which PoCL reads once: call it
  /// before any other function of this module.
  ///
  /// It does nothing if the variable is already set, if PoCL's number of threads is set (which may
  /// be more than there are CPUs), or if the process may only use some of the machine's CPUs, which
  /// PoCL would ignore. It changes the environment of the whole process, so it is for programs, not
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
