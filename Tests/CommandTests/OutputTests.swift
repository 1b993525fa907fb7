import Foundation
import TestProgram
import Testing

/// Where what the program says or answers cannot be written.
@Suite struct OutputTests {
  private static let run = [
    "train", "simple", "--data", "digits", "--limit", "64", "--epochs", "2", "--device", "cpu",
    "--output", "run",
  ]

  /// Standard error is full, closed, or a pipe that nobody reads, by default and with the signal
  /// ignored: training continues, and no file of the run contains the output.
  @Test(arguments: [
    "2>/dev/full", "2>&-", "2>&1 >out | true", "2>&- 0<&-",
  ]) func trainingOutlivesStandardError(redirection: String) throws {
    let program = try Program()
    let outcome = try program.start(
      ["-c", "trap '' PIPE; \"$0\" \"$@\" \(redirection)", Program.path] + Self.run, by: "/bin/bash"
    ).wait()
    #expect(outcome.code == 0)
    #expect(program.exists("run/weights.safetensors"))
    #expect(try program.text("run/metrics.jsonl").split(separator: "\n").count == 2)
  }

  @Test func aReaderOfProgressThatWentAwayEndsNothing() throws {
    let program = try Program()
    _ = try program.start(
      ["-c", "\"$0\" \"$@\" 2>&1 >out | true", Program.path] + Self.run, by: "/bin/sh"
    ).wait()
    #expect(program.exists("run/weights.safetensors"))
  }

  /// A result that is lost is a failure, whatever the command.
  @Test(arguments: [
    (">/dev/full", "no space left on device"), (">&-", "bad file descriptor"),
  ]) func aLostResultIsAFailure(redirection: String, reason: String) throws {
    for arguments in [
      ["recipes"], ["summary", "vae", "--format", "json"], [], ["--help"], ["--version"],
      ["train", "--help"], Self.run,
    ] {
      let program = try Program()
      let outcome = try program.start(
        ["-c", "\"$0\" \"$@\" \(redirection)", Program.path] + arguments, by: "/bin/sh"
      ).wait()
      #expect(outcome.code == 1, "\(arguments)")
      #expect(
        outcome.errors.hasSuffix(
          "aegpu: standard output: expected to write the result, received: \(reason); send it to a "
            + "file that can be written\n"), "\(arguments)")
    }
  }
}
