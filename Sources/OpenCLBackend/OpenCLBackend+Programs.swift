import Dispatch
import Kernels
import Plans

/// A kernel file and what it is compiled with.
package struct ProgramKey: Hashable, Sendable {
  let file: String
  let defines: [String]
  /// The text where it is not the file's.
  private let source: String?

  package init(file: String, defines: [String], source: String? = nil) {
    (self.file, self.defines, self.source) = (file, defines, source)
  }

  var text: String { source ?? kernelSource(named: file) }

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
  /// - Parameters:
  ///   - kernels: what `onColdBuild` is given.
  ///   - slow: how long it takes before `onSlowBuild` is told, once, how many they are.
  package func build(
    _ keys: [ProgramKey], precompiling kernels: @autoclosure () -> Precompilation? = nil,
    slow: Duration = .seconds(1)
  ) throws(OpenCLError) {
    var seen = Set(programs.keys)
    let missing = keys.filter { seen.insert($0).inserted }
    guard !missing.isEmpty else { return }
    let (onSlowBuild, onColdBuild, count) = (onSlowBuild, onColdBuild, missing.count)
    let cold = onColdBuild == nil ? nil : kernels()
    let notices = [
      LateNotice(after: slow) { onSlowBuild?(count) },
      // Reading what the driver keeps on disk takes less, whatever the plan.
      LateNotice(after: .milliseconds(150)) { if let cold { onColdBuild?(cold) } },
    ]
    defer { notices.forEach { $0.end() } }
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
        try backend.compile(key.file, source: key.text, options: key.options)
      }
    }
    for (key, result) in zip(missing, results) { programs[key] = try? result!.get() }
    for result in results { _ = try result!.get() }
  }
}
