import Foundation
import Subprocesses
import TestProgram
import Testing

/// Programs for GPUs, built by the manufacturers' compilers that are installed.
@Suite struct OfflineGPUTests {
  private static let script =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Tools/offline-gpus").standardizedFileURL.path

  /// One program of each kernel file can be built for every target with a compiler, without spilled
  /// registers.
  @Test(
    .enabled(
      if: FileManager.default.isExecutableFile(atPath: "/usr/bin/clang-19"),
      "needs clang-19 and libclc-19-dev"))
  func programsBuildAndDoNotSpill() throws {
    let result = try Subprocess.run(
      "/usr/bin/env", ["python3", Self.script, "--quick", "--program", Program.path],
      timeLimit: 600)
    #expect(result.status == 0, "\(result.errors)")
    let output = String(decoding: result.output, as: UTF8.self)
    #expect(output.contains("| product_blocks | 1 |") && output.contains(" 0 faults"))
  }
}
