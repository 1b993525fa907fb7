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

  /// The threads of a rank on the CPU: those of the CPUs that the launcher has bound it to; if it is
  /// not bound, its share. `nil` for the default.
  var threadsOfRank: Int? {
    guard let local, local.count > 1 else { return nil }
    let available = CPUBackend().threads
    let isBound = available < sysconf(Int32(_SC_NPROCESSORS_ONLN))
    return isBound ? nil : max(available / local.count, 1)
  }
}
