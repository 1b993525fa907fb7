import CPUBackend
import Glibc
import Plans
import Ranks

extension DeviceChooser {
  /// The device of a rank that may have any: the ranks of a machine take its GPUs in turn; without a
  /// GPU, the CPU.
  static func device(of local: RankPlace, _ devices: [DeviceInformation]) -> DeviceChoice {
    let gpus = devices.filter { $0.kind == .gpu }.compactMap { Int($0.identifier) }
    return gpus.isEmpty ? .native : .openCL(gpus[local.rank % gpus.count])
  }

  /// The threads of a rank on the CPU: its share of the machine's CPUs, of those that the launcher has
  /// bound it to (which it may share with other ranks, as with Open MPI's default). `nil` if it is
  /// alone on its machine.
  var threadsOfRank: Int? {
    guard let local, local.count > 1 else { return nil }
    return min(CPUBackend().threads, max(sysconf(Int32(_SC_NPROCESSORS_ONLN)) / local.count, 1))
  }
}
