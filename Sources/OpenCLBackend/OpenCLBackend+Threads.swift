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

  /// Makes PoCL compute with so many threads, as several processes share the CPUs. It does nothing if
  /// the user has set PoCL's number of threads. As `preferPinnedThreads`, it sets variables that PoCL
  /// reads once.
  package static func preferThreads(_ count: Int) {
    // The second name is that of PoCL 4 and later.
    let names = ["POCL_MAX_PTHREAD_COUNT", "POCL_CPU_MAX_CU_COUNT"]
    let environment = ProcessInfo.processInfo.environment
    guard names.allSatisfy({ environment[$0] == nil }) else { return }
    for name in names { setenv(name, "\(count)", 0) }
  }
}
