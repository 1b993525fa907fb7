import Foundation
import TestProgram
import Testing

/// Things in the wrong place, limits of the system, and folders that cannot be written.
@Suite struct BadPlaceTests {
  static let kinds: [BadRow] = [
    BadRow(
      name: "a folder as an array", setUp: "mkdir a.npy", arguments: BadRow.train("a.npy", "table"),
      says: "a.npy"),
    BadRow(
      name: "a folder as a table", setUp: "mkdir a.csv", arguments: BadRow.train("a.csv", "table"),
      says: "a.csv"),
    BadRow(
      name: "an empty folder", setUp: "mkdir all", arguments: BadRow.train("all", "simple"),
      says: "all"),
    BadRow(
      name: "a folder as a recipe", setUp: "mkdir a.yaml",
      arguments: BadRow.train("digits", "a.yaml"),
      says: "a.yaml: expected"),
    BadRow(
      name: "a folder as weights", setUp: "mkdir a",
      arguments: BadRow.train("digits", "dense") + ["--init-from", "a"], says: "a"),
    BadRow(
      name: "a pipe as an array", setUp: "mkfifo a.npy", arguments: BadRow.train("a.npy", "table"),
      says: "it is not a regular file"),
    BadRow(
      name: "a pipe as a table", setUp: "mkfifo a.csv", arguments: BadRow.train("a.csv", "table"),
      says: "it is not a regular file"),
    BadRow(
      name: "a pipe as an image", setUp: "mkfifo a.png", arguments: BadRow.train("a.png", "simple"),
      says: "it is not a regular file"),
    BadRow(
      name: "a pipe as weights", setUp: "mkfifo a.safetensors",
      arguments: BadRow.train("digits", "dense") + ["--init-from", "a.safetensors"],
      says: "a.safetensors: expected"),
    BadRow(
      name: "a pipe as a recipe", setUp: "mkfifo a.yaml",
      arguments: BadRow.train("digits", "a.yaml"),
      says: "recipe a.yaml: expected a readable file, received: a named pipe to which nobody"),
    BadRow(
      name: "a device", arguments: BadRow.train("/dev/zero", "table"), says: "/dev/zero"),
    BadRow(
      name: "a link to itself", setUp: "ln -s a.npy a.npy",
      arguments: BadRow.train("a.npy", "table"),
      says: "a.npy"),
    BadRow(
      name: "a link to nothing", setUp: "ln -s b.npy a.npy",
      arguments: BadRow.train("a.npy", "table"),
      says: "a.npy"),
    BadRow(
      name: "a file as the output", setUp: "echo x >run",
      arguments: BadRow.train("digits", "dense"),
      says: "run: expected"),
    BadRow(
      name: "a file above the output", setUp: "echo x >run",
      arguments: Array(BadRow.train("digits", "dense").dropLast(2)) + ["run/below"],
      says: "run/below: expected"),
    BadRow(
      name: "an output of the system",
      arguments: Array(BadRow.train("digits", "dense").dropLast(2)) + ["/proc/x"],
      says: "/proc/x: expected"),
  ]

  @Test(arguments: kinds) func anotherKind(_ row: BadRow) throws { try row.judge() }

  /// Who may not read is told; root may, and becomes somebody else for it.
  @Test(arguments: [
    ("a.npy", BadRow.train("a.npy", "table")), ("a.yaml", ["summary", "a.yaml"]),
    ("all/a.png", BadRow.train("all", "simple")),
    ("a.safetensors", BadRow.train("digits", "dense") + ["--init-from", "a.safetensors"]),
  ]) func noPermission(name: String, arguments: [String]) throws {
    var row = BadRow(
      name: name, files: [name: BadFiles.goodNPY], setUp: "chmod 777 . && chmod 0 \(name)",
      arguments: arguments,
      says: "permission denied")
    if getuid() == 0 {
      row.limits = "set -- setpriv --reuid 65534 --regid 65534 --clear-groups \"$@\""
    }
    try row.judge()
  }

  /// The signal that comes with it may be ignored here, and would be by what is started.
  private static func filesUpTo(kilobytes: Int) -> String {
    "ulimit -f \(kilobytes); set -- env --default-signal=XFSZ \"$@\""
  }

  static let limits: [BadRow] = [
    BadRow(
      name: "an array larger than memory",
      files: ["a.npy": BadFiles.npy(shape: "(10000000000, 100)")],
      setUp: "truncate -s 4000000000200 a.npy",
      arguments: BadRow.train("a.npy", "table") + ["--set", "data.window=4"],
      says: "an array that fits into the"),
    BadRow(
      name: "a large array that is too long",
      files: ["a.npy": BadFiles.npy(shape: "(10000000000, 100)")],
      setUp: "truncate -s 4000000000200 a.npy", arguments: BadRow.train("a.npy", "table"),
      says: "received 4000000000200, 118 too many"),
    BadRow(
      name: "a network larger than a limit",
      arguments: BadRow.train("digits", "dense") + [
        "--limit", "64", "--set", "encoder.0.dense.units=200000",
      ],
      limits: "ulimit -v 4000000", says: "a network that fits into the"),
    BadRow(
      name: "no room for a network",
      arguments: BadRow.train("digits", "dense") + ["--limit", "64"],
      limits: "ulimit -v 220000", says: "that fits into the"),
    BadRow(
      name: "no files", arguments: BadRow.train("digits", "dense") + ["--limit", "64"],
      limits: "ulimit -n 4",
      says: "too many open files"),
    BadRow(
      name: "no growing files", arguments: BadRow.train("digits", "dense") + ["--limit", "64"],
      limits: filesUpTo(kilobytes: 1), says: "file too large"),
  ]

  @Test(arguments: limits) func ofTheSystem(_ row: BadRow) throws { try row.judge() }

  /// A limit that is reached in the middle: what was written before stays whole, and goes on.
  @Test(arguments: [20, 100, 400, 700]) func fullInTheMiddle(kilobytes: Int) throws {
    let program = try Program()
    let arguments =
      BadRow.train("digits", "dense") + [
        "--limit", "64", "--epochs", "3", "--set", "checkpoints.every=1",
      ]
    let run = try MeasuredRun(
      arguments, in: program.folder, limits: Self.filesUpTo(kilobytes: kilobytes))
    #expect(run.code == 1)
    #expect(run.sentence.contains("file too large"), "\(run.sentence)")
    #expect(run.sentence.split(separator: "\n").allSatisfy { $0.hasPrefix("aegpu: ") })
    let left = try FaultyRun.leftovers(program)
    #expect(left == [])
    #expect(try FaultyRun.objectionsToResume(program) == [])
  }

  /// A result that does not fit is none: nothing of it is left.
  @Test func resultsThatDoNotFit() throws {
    let program = try Program()
    let trained = try program.start(BadRow.train("digits", "vae") + ["--limit", "128"]).wait()
    #expect(trained.code == 0, "\(trained.errors)")
    let before = try program.contents("")
    for command in [
      "encode run --output out.npy --device cpu", "encode run --output out.csv --device cpu",
      "reconstruct run --output out.png --device cpu", "sample run --output out.npy --device cpu",
      "interpolate run --output out.png --device cpu", "export run --output out.onnx",
      "report run --output out.html --device cpu",
    ] {
      let run = try MeasuredRun(
        command.split(separator: " ").map { String($0) }, in: program.folder,
        limits: Self.filesUpTo(kilobytes: 1))
      #expect(run.objections(saying: "received from write: file too large", peak: 500) == [])
      #expect(try program.contents("") == before, "\(command)")
    }
  }

  /// A pipe of a shell, and one with a name whose writer comes later, are recipes.
  @Test func recipesFromPipes() throws {
    let program = try Program()
    for script in [
      "exec \"$0\" summary <(sleep 0.3; \"$0\" recipes show dense)",
      "mkfifo a.yaml; (sleep 0.3; \"$0\" recipes show dense >a.yaml) & exec \"$0\" summary a.yaml",
    ] {
      let outcome = try program.start(["-c", script, Program.path], by: "/bin/bash").wait(
        seconds: 30)
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.output == (try program.run("summary", "dense").output))
    }
    let empty = try program.start(
      ["-c", "exec \"$0\" summary <(true)", Program.path], by: "/bin/bash"
    ).wait(seconds: 30)
    #expect(empty.code == 1)
    #expect(empty.errors.contains("expected YAML, received an empty file"), "\(empty.errors)")
  }

  /// What a run can do without.
  @Test(arguments: [
    "unset HOME TMPDIR XDG_CACHE_HOME AEGPU_CACHE_DIR", "export TMPDIR=/nowhere HOME=/proc",
    "ulimit -s 256", "ulimit -n 16", "ulimit -n 20", "ulimit -v 500000",
  ]) func doesWithout(limits: String) throws {
    let program = try Program()
    let arguments = BadRow.train("digits", "dense") + ["--limit", "64"]
    let run = try MeasuredRun(arguments, in: program.folder, limits: limits)
    #expect(run.code == 0 && run.errors.isEmpty, "\(run.sentence)")
    #expect(program.exists("run/weights.safetensors"))
  }

  /// Two runs that begin in one second have a folder each.
  @Test func atOnce() throws {
    let program = try Program()
    let arguments = [
      "train", "linear-pca", "--limit", "64", "--epochs", "2", "--device", "cpu", "--quiet",
    ]
    let runs = try (0..<4).map { _ in try program.start(arguments) }
    for run in runs { #expect(try run.wait().code == 0) }
    let folders = try program.contents("runs")
    #expect(folders.count == 4)
    for folder in folders { #expect(program.exists("runs/\(folder)/weights.safetensors")) }
  }

  /// What a run did not write stays.
  @Test func overwritesItsOwnAlone() throws {
    let program = try Program()
    let arguments = [
      "train", "linear-pca", "--limit", "64", "--epochs", "2", "--device", "cpu", "--output", "run",
    ]
    #expect(try program.start(arguments).wait().code == 0)
    let own = [
      "run/notes.txt", "run/images/mine.png", "run/checkpoints/mine.bin", "run/more/deep.txt",
    ]
    try FileManager.default.createDirectory(
      atPath: program.folder + "/run/more", withIntermediateDirectories: false)
    for name in own { try program.write("mine", to: name) }
    #expect(try program.start(arguments + ["--overwrite"]).wait().code == 0)
    for name in own { #expect(try program.text(name) == "mine") }
  }
}
