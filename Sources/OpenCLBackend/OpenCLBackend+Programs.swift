import Dispatch
import Kernels
import Synchronization

/// A kernel file and what it is compiled with.
struct ProgramKey: Hashable, Sendable {
  let file: String
  let defines: [String]

  var options: String { (["-cl-std=CL1.2"] + defines.map { "-D \($0)" }).joined(separator: " ") }
}

extension OpenCLBackend {
  /// Builds the programs of these launches that are not there yet, side by side: some drivers compile
  /// several at once.
  func build(_ launches: [Launch]) throws(OpenCLError) {
    var seen = Set(programs.keys)
    let missing = launches.map(\.program).filter { seen.insert($0).inserted }
    let start = ContinuousClock.now
    let told = Mutex(onSlowBuild == nil)
    // A context and a device may be used by several threads at a time; each thread makes programs that
    // no other touches, and puts them in places of their own.
    nonisolated(unsafe) let backend = self
    nonisolated(unsafe) let results = UnsafeMutableBufferPointer<Result<Program, OpenCLError>?>
      .allocate(
        capacity: missing.count)
    results.initialize(repeating: nil)
    defer {
      results.deinitialize()
      results.deallocate()
    }
    DispatchQueue.concurrentPerform(iterations: missing.count) { index in
      if ContinuousClock.now - start > .seconds(1), told.withLock({ Self.first(&$0) }) {
        backend.onSlowBuild?(missing.count)
      }
      let key = missing[index]
      results[index] = Result { () throws(OpenCLError) in
        try backend.compile(key.file, source: kernelSource(named: key.file), options: key.options)
      }
    }
    for (key, result) in zip(missing, results) { programs[key] = try result!.get() }
  }

  /// Whether this is the first call.
  private static func first(_ wasCalled: inout Bool) -> Bool {
    defer { wasCalled = true }
    return !wasCalled
  }
}
