import Doctor
import Foundation
import Plans
import TestFolders
import Testing
import Training

/// A machine as its files show it, of which some are made up here.
@Suite struct MachineTests {
  private func device(_ kind: DeviceInformation.Kind, vendor: String) -> DeviceInformation {
    DeviceInformation(
      identifier: "0", name: "some device", kind: kind, vendor: vendor, driver: "1", version: "1",
      computeUnits: 1, clockMegahertz: 1, globalMemoryBytes: 1 << 20, localMemoryBytes: 1,
      largestAllocationBytes: 1 << 19)
  }

  private func inMachine(
    _ files: [String: String], _ body: (Machine, TemporaryFolder) throws -> Void
  ) throws {
    let folder = try TemporaryFolder()
    for (name, text) in files { try folder.write(Array(text.utf8), to: name) }
    try body(Machine(root: folder.path) { _ in nil }, folder)
  }

  @Test(arguments: [
    ("0x10de", "NVIDIA", "nvidia-opencl-icd"), ("0x1002", "AMD", "mesa-opencl-icd"),
    ("0x8086", "Intel", "intel-opencl-icd"),
  ])
  func aGPUWithoutADriver(vendor: String, name: String, package: String) throws {
    let files = ["sys/class/drm/renderD128/device/vendor": vendor + "\n"]
    try inMachine(files) { machine, _ in
      let pocl = device(.cpu, vendor: name)
      let found = machine.driverFindings([pocl], faults: [])
      #expect(found.count == 1 && found[0].weight == .fault)
      #expect(found[0].what.contains(name) && found[0].remedy.contains(package))
      #expect(machine.driverFindings([device(.gpu, vendor: name)], faults: []) == [])
    }
  }

  @Test func noDriverAndBrokenOnes() throws {
    try inMachine(["sys/class/drm/renderD128/device/vendor": "0x1af4\n"]) { machine, _ in
      let none = machine.driverFindings([], faults: [])
      #expect(none.map(\.weight) == [.note])
      #expect(none[0].remedy.contains("pocl-opencl-icd"))
      let broken = machine.driverFindings(
        [device(.cpu, vendor: "x")], faults: ["OpenCL platform 2 is passed over"])
      #expect(broken.map(\.weight) == [.fault])
      #expect(broken[0].what == "OpenCL platform 2 is passed over")
    }
  }

  @Test(.enabled(if: getuid() != 0, "root may open everything"))
  func filesThatMayNotBeOpened() throws {
    try inMachine(["dev/dri/renderD128": "", "dev/kfd": "", "dev/nvidia0": "", "dev/null": ""]) {
      machine, folder in
      #expect(machine.permissionFindings() == [])
      for name in ["dri/renderD128", "kfd", "nvidia0", "null"] {
        try FileManager.default.setAttributes(
          [.posixPermissions: 0], ofItemAtPath: folder.path + "/dev/" + name)
      }
      let found = machine.permissionFindings()
      #expect(found.count == 3 && found.allSatisfy { $0.weight == .fault })
      #expect(found[0].what.contains("/dev/dri/renderD128"))
    }
  }

  @Test func foldersThatCannotBeWrittenTo() throws {
    let missing = Machine { _ in nil }.folderFindings(hasPoCL: false)
    #expect(missing.count == 1 && missing[0].remedy.contains("AEGPU_CACHE_DIR"))
    let proc = Machine { $0 == "HOME" ? "/proc" : nil }.folderFindings(hasPoCL: true)
    // Root may write to /proc as far as its permissions say.
    #expect(getuid() == 0 || proc.count == 2)
    let file = try TemporaryFolder()
    try file.write([], to: "home")
    let none = Machine { $0 == "HOME" ? file.path + "/home" : nil }.folderFindings(hasPoCL: true)
    #expect(none.count == 2 && none.allSatisfy { $0.weight == .fault })
    #expect(none[1].what.contains("PoCL"))
    let good = Machine { $0 == "HOME" ? file.path + "/new" : nil }
    #expect(good.folderFindings(hasPoCL: true) == [])
  }

  @Test func limitsOfClocksAndPower() throws {
    let files = [
      "sys/devices/system/cpu/cpufreq/policy0/scaling_max_freq": "1200000",
      "sys/devices/system/cpu/cpufreq/policy0/cpuinfo_max_freq": "3600000",
      "sys/class/drm/card0/device/hwmon/hwmon3/power1_cap": "100000000",
      "sys/class/drm/card0/device/hwmon/hwmon3/power1_cap_default": "220000000",
      "sys/class/drm/card1/gt_max_freq_mhz": "600", "sys/class/drm/card1/gt_RP0_freq_mhz": "1500",
    ]
    try inMachine(files) { machine, _ in
      let found = machine.speedFindings()
      #expect(found.count == 3 && found.allSatisfy { $0.weight == .note })
      #expect(found[0].what.contains("1200 of 3600 MHz"))
      #expect(found[1].what.contains("100 W, by default 220 W"))
      #expect(found[2].what.contains("600 of 1500 MHz"))
    }
    try inMachine([:]) { machine, _ in #expect(machine.speedFindings() == []) }
  }

  @Test(arguments: [
    ("/usr/lib/libclblast.so.1.5.3", true), ("/usr/lib/libclblast.so.1.6.2", true),
    ("/usr/lib/libclblast.so.1.6.3", false), ("/opt/libclblast.so.2.0.0", false),
    ("/opt/libclblast.so", false),
  ])
  func versionsOfCLBlast(file: String, isOld: Bool) {
    #expect(LibraryFindings.findings(ofFile: file).isEmpty != isOld)
    #expect(LibraryFindings.findings(ofFile: nil) == [])
  }

  @Test func memoryThatIsNotThere() throws {
    let recipe = try RecipeTests.recipe()
    let need = MemoryNeed(try RecipeTests.plans(recipe))
    var gpu = device(.gpu, vendor: "x")
    #expect(need.findings(of: "small", on: gpu) == [])
    gpu.globalMemoryBytes = need.byteCount - 1
    let found = need.findings(of: "small", on: gpu)
    #expect(found.map(\.weight) == [.fault])
    gpu.globalMemoryBytes = need.byteCount
    #expect(need.findings(of: "small", on: gpu) == [])
    gpu.largestAllocationBytes = need.largestByteCount - 1
    #expect(need.findings(of: "small", on: gpu).count == 1)
  }
}
