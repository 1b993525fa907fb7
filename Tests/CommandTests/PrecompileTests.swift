import Foundation
import TestProgram
import Testing

/// PoCL compiles one kernel at a time in each process, so another process compiles during a first
/// run.
@Suite struct PrecompileTests {
  static let hasHelpers = Program.hasPoCL && ProcessInfo.processInfo.activeProcessorCount > 1

  /// What a run hands over compiles to the files that the run itself would have made. Here the
  /// helper hands nothing back, and the run does without.
  @Test(.enabled(if: hasHelpers), arguments: [("simple", 256, 4), ("conv", 4, 15)])
  func compilesWhatARunNeeds(_ recipe: String, batchSize: Int, leastCount: Int) throws {
    let program = try Program()
    let launcher = try program.script("cat >\"$PWD/$1.$$\"")
    let run = try program.start(
      ["bench", recipe, "--batch-size", "\(batchSize)", "--device", "0", "--part", "firstStep"],
      environment: ["AEGPU_LAUNCHER": launcher, "POCL_CACHE_DIR": program.folder + "/run"]
    ).wait()
    #expect(run.code == 0, "\(run.errors)")
    let requests = try program.contents(".").filter { $0.hasPrefix("precompile.") }
    let whole = try #require(requests.max { try! program.text($0).count < program.text($1).count })
    let helper = try program.start(
      ["precompile", "--parent", "\(getpid())"], input: whole,
      environment: ["POCL_CACHE_DIR": program.folder + "/helper", "POCL_AFFINITY": "0"]
    ).wait()
    #expect(helper.code == 0, "\(helper.errors)")
    #expect(helper.output.isEmpty)
    #expect(try kernels("helper", of: program) == kernels("run", of: program))
    #expect(try kernels("run", of: program).count >= leastCount)
  }

  /// The compiled kernels in a folder, by their paths there.
  private func kernels(_ folder: String, of program: Program) throws -> Set<String> {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: program.folder + "/" + folder)
    return Set(paths.filter { $0.hasSuffix(".so") })
  }
}
