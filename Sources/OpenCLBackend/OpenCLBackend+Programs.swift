import Dispatch
import Kernels
import Plans

/// A kernel file and its defines.
package struct ProgramKey: Hashable, Sendable {
  let file: String
  let defines: [String]
  /// The text, if it is not the file's.
  private let source: String?

  package init(file: String, defines: [String], source: String? = nil) {
    (self.file, self.defines, self.source) = (file, defines, source)
  }

  var text: String { source ?? kernelSource(named: file) }

  var options: String { (["-cl-std=CL1.2"] + defines.map { "-D \($0)" }).joined(separator: " ") }
}

extension OpenCLBackend {
  /// Builds the programs of a plan for each of these candidates for its products, so that preparing
  /// it with each of them takes less time. Build errors are thrown when the plan is prepared.
  package func buildAhead(_ plan: Plan, _ layout: StoreLayout, candidates: [ProductCandidate]) {
    let lists = candidates.map { launches(of: plan, layout, products: .forced($0)) }
    try? build(lists.flatMap(\.programs))
  }

  /// Builds the programs that are not built yet, in parallel: some drivers can compile several at
  /// once.
  /// - Parameters:
  ///   - kernels: the argument of `onColdBuild`.
  ///   - slow: the time after which `onSlowBuild` is called, once, with their number.
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
      // Reading programs from the driver's cache takes less time, whatever the plan.
      LateNotice(after: .milliseconds(150)) { if let cold { onColdBuild?(cold) } },
    ]
    defer { notices.forEach { $0.end() } }
    // Several threads may use a context and a device at a time; each thread creates different
    // programs
    // and stores them in different places.
    nonisolated(unsafe) let backend = self
    nonisolated(unsafe) let results = UnsafeMutableBufferPointer<Result<Program, OpenCLError>?>
      .allocate(
        capacity: missing.count)
    results.initialize(repeating: nil)
    defer {
      results.deinitialize()
      results.deallocate()
    }
    watch.waiting(for: "clBuildProgram") {
      DispatchQueue.concurrentPerform(iterations: missing.count) { index in
        let key = missing[index]
        results[index] = Result { () throws(OpenCLError) in
          try backend.compile(key.file, source: key.text, options: key.options)
        }
      }
    }
    for (key, result) in zip(missing, results) { programs[key] = try? result!.get() }
    for result in results { _ = try result!.get() }
  }
}
