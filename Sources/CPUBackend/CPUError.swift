/// An error of the native backend.
package enum CPUError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Not enough memory for a buffer.
  case outOfMemory(wanted: Int, available: Int)
  /// The system refuses memory, although the machine has enough.
  case refused(wanted: Int)
  /// A call into oneDNN failed.
  case library(call: String, status: String)

  package var description: String {
    switch self {
    case .outOfMemory(let wanted, let available):
      return "cpu: expected to allocate \(wanted) bytes, but this machine has \(available); use a "
        + "smaller batch, network or data set"
    case .refused(let wanted):
      return "cpu: expected to allocate \(wanted) bytes, which the system refused; raise the limit "
        + "that ulimit -v shows, or use a smaller batch, network or data set"
    case .library(let call, let status):
      return "cpu: \(call): expected success, received \(status) of oneDNN"
    }
  }
}
