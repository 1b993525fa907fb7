import OpenCLBackend
import Plans
import Testing

/// Which kernels a device gets.
@Suite struct WorkStyleTests {
  @Test(arguments: [
    ("pthread-skylake-avx512-AMD EPYC", DeviceInformation.Kind.cpu, WorkStyle.fat),
    ("AMD EPYC", .cpu, .fat), ("llvmpipe (LLVM 15.0.6, 256 bits)", .cpu, .thin),
    ("NVIDIA H200", .gpu, .thin), ("Accelerator", .accelerator, .thin),
  ])
  func followsTheDevice(name: String, kind: DeviceInformation.Kind, style: WorkStyle) {
    let device = DeviceInformation(
      identifier: "0", name: name, kind: kind, vendor: "", driver: "", version: "OpenCL 3.0",
      computeUnits: 2, clockMegahertz: 0, globalMemoryBytes: 1 << 30, localMemoryBytes: 1 << 15,
      largestAllocationBytes: 1 << 30)
    #expect(WorkStyle(for: device) == style)
  }
}
