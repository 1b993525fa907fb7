/// What can go wrong on the native backend.
package enum CPUError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A buffer does not fit.
  case outOfMemory(wanted: Int, available: Int)
  /// A call into oneDNN failed.
  case library(call: String, status: String)

  package var description: String {
    switch self {
    case .outOfMemory(let wanted, let available):
      return "cpu: expected to allocate \(wanted) bytes, and this machine has \(available); use a "
        + "smaller batch, network or data set"
    case .library(let call, let status):
      return "cpu: oneDNN's \(call) failed with \(status)"
    }
  }
}
