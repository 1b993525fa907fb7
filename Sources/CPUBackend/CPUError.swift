/// What can go wrong on the native backend.
package enum CPUError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A buffer does not fit.
  case outOfMemory(wanted: Int, available: Int)
  /// The system gives no memory, though the machine has as much.
  case refused(wanted: Int)
  /// A call into oneDNN failed.
  case library(call: String, status: String)

  package var description: String {
    switch self {
    case .outOfMemory(let wanted, let available):
      return "cpu: expected to allocate \(wanted) bytes, and this machine has \(available); use a "
        + "smaller batch, network or data set"
    case .refused(let wanted):
      return "cpu: expected to allocate \(wanted) bytes, which the system refused; raise the limit "
        + "that ulimit -v shows, or use a smaller batch, network or data set"
    case .library(let call, let status):
      return "cpu: \(call): expected success, received \(status) of oneDNN"
    }
  }
}
