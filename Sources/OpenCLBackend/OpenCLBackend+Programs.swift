import Dispatch
import Kernels
import Plans
import Synchronization

/// A kernel file and what it is compiled with.
package struct ProgramKey: Hashable, Sendable {
  let file: String
  let defines: [String]

  package init(file: String, defines: [String]) {
    self.file = file
    self.defines = defines
  }

  var options: String { (["-cl-std=CL1.2"] + defines.map { "-D \($0)" }).joined(separator: " ") }
}

extension OpenCLBackend {
  /// Builds what a plan takes with each of these candidates for its products, so that preparing it
  /// with one after the other waits less. What cannot be built fails when it is prepared.
  package func buildAhead(_ plan: Plan, _ layout: StoreLayout, candidates: [ProductCandidate]) {
    let lists = candidates.map { launches(of: plan, layout, products: .forced($0)) }
    try? build(lists.flatMap(\.programs))
  }

  /// Builds those of these programs that are not there yet, side by side: some drivers compile
  /// several at once.
  /// - Parameter slow: how long it takes before `onSlowBuild` is told, once, how many they are.
  package func build(
    _ keys: [ProgramKey], slow: Duration = .seconds(1)
  ) throws(OpenCLError) {
    var seen = Set(programs.keys)
    let missing = keys.filter { seen.insert($0).inserted }
    guard !missing.isEmpty else { return }
    let start = ContinuousClock.now
    let notice = SlowNotice(onSlowBuild, count: missing.count)
    let alarm = DispatchWorkItem { notice.tell() }
    DispatchQueue.global().asyncAfter(deadline: .now() + slow / .seconds(1), execute: alarm)
    defer { alarm.cancel() }
    // A context and a device may be used by several threads at a time; each thread makes programs
    // that no other touches, and puts them in places of their own.
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
      let key = missing[index]
      results[index] = Result { () throws(OpenCLError) in
        try backend.compile(key.file, source: kernelSource(named: key.file), options: key.options)
      }
    }
    if ContinuousClock.now - start >= slow { notice.tell() }
    for (key, result) in zip(missing, results) { programs[key] = try? result!.get() }
    for result in results { _ = try result!.get() }
  }
}

/// Tells once that building is slow, from whichever thread.
private final class SlowNotice: Sendable {
  private let told = Mutex(false)
  private let body: (@Sendable (Int) -> Void)?
  private let count: Int

  init(_ body: (@Sendable (Int) -> Void)?, count: Int) { (self.body, self.count) = (body, count) }

  func tell() {
    let isFirst = told.withLock { told in
      defer { told = true }
      return !told
    }
    if isFirst { body?(count) }
  }
}
