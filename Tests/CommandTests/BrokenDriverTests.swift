import Foundation
import TestProgram
import Testing

/// A platform whose driver fails is reported, and does not affect the others.
@Suite(.enabled(if: Program.hasPoCL)) struct BrokenDriverTests {
  /// Device not available, out of host memory, and -32, invalid platform.
  @Test(arguments: ["-2", "-6", "-32"]) func isPassedOver(code: String) throws {
    let program = try Program()
    try FileManager.default.createDirectory(
      atPath: program.folder + "/vendors", withIntermediateDirectories: false)
    let vendors = ProcessInfo.processInfo.environment["OCL_ICD_VENDORS"] ?? "/etc/OpenCL/vendors"
    for name in try FileManager.default.contentsOfDirectory(atPath: vendors) {
      try FileManager.default.copyItem(
        atPath: "\(vendors)/\(name)", toPath: "\(program.folder)/vendors/\(name)")
    }
    try program.write(Program.library("BrokenDriver") + "\n", to: "vendors/broken.icd")
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
}
