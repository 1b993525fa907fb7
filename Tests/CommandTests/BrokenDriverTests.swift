import Foundation
import TestProgram
import Testing

/// A platform whose driver fails is reported, and does not affect the others.
@Suite(.enabled(if: Program.hasPoCL)) struct BrokenDriverTests {
  /// Drivers of this machine, and a broken one, in a folder of the program's.
  private func program() throws -> Program {
    let program = try Program()
    try FileManager.default.createDirectory(
      atPath: program.folder + "/vendors", withIntermediateDirectories: false)
    let vendors = ProcessInfo.processInfo.environment["OCL_ICD_VENDORS"] ?? "/etc/OpenCL/vendors"
    for name in try FileManager.default.contentsOfDirectory(atPath: vendors) {
      try FileManager.default.copyItem(
        atPath: "\(vendors)/\(name)", toPath: "\(program.folder)/vendors/\(name)")
    }
    try program.write(Program.library("BrokenDriver") + "\n", to: "vendors/broken.icd")
    return program
  }

  /// Device not available, out of host memory, and -32, invalid platform.
  @Test(arguments: ["-2", "-6", "-32"]) func isPassedOver(code: String) throws {
    let program = try program()
    let environment = [
      "OCL_ICD_VENDORS": program.folder + "/vendors", "BROKEN_DRIVER_CODE": code,
    ]

    let listed = try program.run("list-devices", environment: environment)
    #expect(listed.code == 0, "\(listed.errors)")
    #expect(listed.output.contains("PoCL"))
    #expect(
      listed.errors.contains(#/aegpu: OpenCL platform \d+ is skipped: clGetDeviceIDs/#),
      "\(listed.errors)")
    for device in ["0", "cpu"] {
      let trained = try program.run(
        "train", "linear-pca", "--epochs", "1", "--device", device, "--output", "run-" + device,
        environment: environment)
      #expect(trained.code == 0, "\(trained.errors)")
    }
  }

  /// One that would take the process with it is left out and named by its file.
  @Test(
    arguments: ["clGetPlatformIDs", "clGetPlatformInfo", "clGetDeviceIDs"],
    ["abort", "exit", "hang"])
  func isLeftOut(function: String, does: String) throws {
    let program = try program()
    let environment = [
      "OCL_ICD_VENDORS": program.folder + "/vendors", "BROKEN_DRIVER_IN": function,
      "BROKEN_DRIVER_DOES": does, "AEGPU_PROBE": "1", "AEGPU_TEST_PATIENCE": "3",
    ]
    let reason = [
      "abort": "ended a process that looked at it, by signal 6",
      "exit": "ended a process that looked at it, with exit status 0",
      "hang": "gave no answer for 3 s to a process that looked",
    ][does]!
    let sentence =
      "aegpu: OpenCL driver \(program.folder)/vendors/broken.icd is left out: it \(reason)\n"
    let listed = try program.run("list-devices", environment: environment)
    #expect(listed.code == 0 && listed.output.contains("PoCL"))
    #expect(listed.errors == sentence)
    for device in ["0", "auto", "cpu"] where does == "abort" {
      let trained = try program.run(
        "train", "linear-pca", "--limit", "64", "--epochs", "1", "--quiet", "--device", device,
        "--output", "run-" + device, environment: environment)
      #expect(trained.code == 0)
      // The native backend asks no driver.
      #expect(trained.errors.hasPrefix(device == "cpu" ? "" : sentence))
    }
  }

  /// A driver that passed is remembered until one of its files changes.
  @Test func isRemembered() throws {
    let program = try program()
    let environment = [
      "OCL_ICD_VENDORS": program.folder + "/vendors", "AEGPU_PROBE": "1",
      "BROKEN_DRIVER_CODE": "-1",
      // Counts the looks.
      "AEGPU_LAUNCHER": try program.script("echo x >>looks; exec '\(Program.path)' \"$@\""),
    ]
    func looks() throws -> Int {
      program.exists("looks") ? try program.text("looks").split(separator: "\n").count : 0
    }
    let drivers = try program.contents("vendors").count
    #expect(try program.run("list-devices", environment: environment).errors == "")
    #expect(try looks() == drivers)
    // With the library, which may change alone.
    let record = try program.text("cache/drivers")
    #expect(record.contains(try Program.library("BrokenDriver") + "\t"))
    #expect(record.contains(#/\t/.*libpocl[^/]*\t/#))
    #expect(try program.run("list-devices", environment: environment).code == 0)
    #expect(try looks() == drivers)
    try program.write(Program.library("BrokenDriver") + "\n\n", to: "vendors/broken.icd")
    #expect(try program.run("list-devices", environment: environment).code == 0)
    #expect(try looks() == drivers + 1)
    // One that cannot be asked is trusted, as before.
    let blind = try program.run(
      "list-devices",
      environment: environment.merging([
        "AEGPU_LAUNCHER": "/nowhere", "AEGPU_CACHE_DIR": program.folder + "/other",
      ]) { $1 })
    #expect(blind.code == 0 && blind.errors == "")
  }
}
