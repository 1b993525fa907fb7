import Foundation
import TestProgram
import Testing

/// The program on a small file system of its own, of which so much is free. It is mounted for the
/// processes of this run alone.
struct FullDisk {
  let code: Int32
  let output: String
  let errors: String
  /// What the disk had before and after, without the file that fills it.
  let before: [String]
  let after: [String]

  /// Whether this process may mount.
  static let isPossible: Bool = {
    let outcome = try? Program().start(
      ["-m", "mount", "-t", "tmpfs", "aegpu", "/mnt"], by: "/usr/bin/unshare"
    ).wait(seconds: 20)
    return outcome?.code == 0
  }()

  /// - Parameters:
  ///   - kilobytes: how much is free.
  ///   - program: what is in `kept` of its folder is on the disk before. The disk's files are in `disk`
  ///     afterwards.
  init(_ arguments: [String], freeKilobytes kilobytes: Int, _ program: Program) throws {
    let script = """
      set -e; cd "$1"; aegpu=$2 free=$3; shift 3
      rm -rf disk; mkdir -p disk kept mount; mount -t tmpfs -o size=16m aegpu mount
      cp -r kept/. mount; cd mount; find . -mindepth 1 | sort >../before
      fallocate -l $(($(stat -f -c '%a * %S / 1024' .) - free))K filler
      code=0; "$aegpu" "$@" >../output 2>../errors </dev/null || code=$?
      rm filler; find . -mindepth 1 | sort >../after; cp -r . ../disk; exit $code
      """
    let outcome = try program.start(
      ["-m", "bash", "-c", script, "bash", program.folder, Program.path, "\(kilobytes)"]
        + arguments,
      by: "/usr/bin/unshare",
      // No second process that compiles.
      environment: ["AEGPU_LAUNCHER": "/nowhere/aegpu"]
    ).wait()
    #expect(outcome.errors == "")
    code = outcome.code
    (output, errors) = (try program.text("output"), try program.text("errors"))
    func lines(_ name: String) throws -> [String] {
      try program.text(name).split(separator: "\n").map(String.init)
    }
    (before, after) = (try lines("before"), try lines("after"))
  }

  var leftovers: [String] { after.filter { $0.contains("/.") || $0.contains(".new-") } }

  /// Sentences of the program that name the full disk.
  var tellsOfIt: Bool {
    let lines = errors.split(separator: "\n")
    return !lines.isEmpty
      && lines.allSatisfy { $0.hasPrefix("aegpu: ") && $0.contains("full disk") }
  }
}
