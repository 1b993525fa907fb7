import COpenCL

/// An error of the OpenCL backend.
package enum OpenCLError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A call of OpenCL or CLBlast returned an error.
  case call(name: String, status: Int32)
  /// A program that the device's compiler does not accept.
  case build(program: String, options: String, device: String, log: String)
  /// A device index that does not exist.
  /// - `faults`: what was skipped, one sentence each.
  case unknownDevice(index: Int, available: [String], faults: [String])
  /// A buffer larger than the device's largest allocation.
  case allocation(of: String, byteCount: Int, largestByteCount: Int)
  /// More elements than the kernels' 32-bit indices allow.
  case elementCount(of: String, count: Int, largest: Int)
  /// Data of another size than their buffer.
  case size(of: String, expected: Int, received: Int)
  /// More rows than a loss log or a schedule has.
  case rows(of: String, available: Int, received: Int)

  package var description: String {
    switch self {
    case .call(let name, let status):
      return "\(name): expected success, received \(statusName(status)) (\(status)); "
        + remedy(name, status)
    case .build(let program, let options, let device, let log):
      return "\(program).cl: expected a program that \(device) compiles, received this log "
        + "(options: \(options)):\n\(log)"
    case .unknownDevice(let index, let available, let faults):
      let list = available.isEmpty ? "no OpenCL device at all" : available.joined(separator: ", ")
      return "device \(index): expected the index of an existing device, received \(index); "
        + (["there is \(list)"] + faults).joined(separator: "; ")
    case .allocation(let what, let byteCount, let largest):
      return
        "\(what): expected at most \(largest) bytes, the device's largest allocation, received "
        + "\(byteCount) bytes; use a smaller batch or fewer examples"
    case .elementCount(let what, let count, let largest):
      return "\(what): expected at most \(largest) elements, received \(count); "
        + "use a smaller batch or fewer examples"
    case .size(let what, let expected, let received):
      return "\(what): expected \(expected) elements, received \(received)"
    case .rows(let what, let available, let received):
      return "\(what): expected at most \(available) rows, received \(received)"
    }
  }

  private func remedy(_ call: String, _ status: Int32) -> String {
    // A question takes no memory.
    if call.hasPrefix("clGet"), status != CL_DEVICE_NOT_AVAILABLE { return Self.driverFault }
    return switch status {
    case CL_MEM_OBJECT_ALLOCATION_FAILURE, CL_OUT_OF_RESOURCES, CL_OUT_OF_HOST_MEMORY:
      "the device may be out of memory: use a smaller batch, fewer examples or another device"
    case CL_DEVICE_NOT_AVAILABLE, CL_DEVICE_NOT_FOUND:
      "the device was reset, or another program uses it exclusively: try again, or use another device"
    default: Self.driverFault
    }
  }

  private static let driverFault =
    "the driver failed: update it, or use another device"
}

/// Throws unless `status` is success; the error has the call's name.
func check(_ status: cl_int, _ name: String) throws(OpenCLError) {
  guard status == CL_SUCCESS else { throw .call(name: name, status: status) }
}

/// The handle that a `clCreate…` call returned, if its status is success.
func check<Handle>(
  _ handle: Handle?, _ status: cl_int, _ name: String
) throws(OpenCLError) -> Handle {
  try check(status, name)
  guard let handle else { throw .call(name: name, status: CL_INVALID_VALUE) }
  return handle
}
