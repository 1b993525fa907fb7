import COpenCL
import Plans

/// The OpenCL devices of this machine.
package enum OpenCLDevices {
  /// Every device of every platform, in the order of the loader; `identifier` is the
  /// the place in this list. Empty where no driver is installed. What fails is skipped.
  package static func all() throws(OpenCLError) -> [DeviceInformation] {
    try found().devices
  }

  /// The same devices, and one sentence for each platform and device that is skipped.
  package static func found() throws(OpenCLError) -> (
    devices: [DeviceInformation], faults: [String]
  ) {
    let survey = try survey()
    return (survey.devices.map(\.information), survey.faults)
  }

  static func survey() throws(OpenCLError) -> (
    devices: [(handle: cl_device_id, information: DeviceInformation)], faults: [String]
  ) {
    var platformCount: cl_uint = 0
    let status = clGetPlatformIDs(0, nil, &platformCount)
    if status == noPlatform || status == CL_SUCCESS && platformCount == 0 { return ([], []) }
    try check(status, "clGetPlatformIDs")
    var platforms = [cl_platform_id?](repeating: nil, count: Int(platformCount))
    try check(clGetPlatformIDs(platformCount, &platforms, nil), "clGetPlatformIDs")

    var found: [(handle: cl_device_id, information: DeviceInformation)] = []
    var faults: [String] = []
    for (place, platform) in platforms.enumerated() {
      do throws(OpenCLError) {
        for device in try devices(of: platform) {
          do throws(OpenCLError) {
            try found.append((device, information(device, index: found.count)))
          } catch {
            faults.append("a device of OpenCL platform \(place + 1) is skipped: \(error)")
          }
        }
      } catch {
        faults.append("OpenCL platform \(place + 1) is skipped: \(error)")
      }
    }
    return (found, faults)
  }

  private static func devices(of platform: cl_platform_id?) throws(OpenCLError) -> [cl_device_id] {
    let all = cl_device_type(CL_DEVICE_TYPE_ALL)
    var count: cl_uint = 0
    let status = clGetDeviceIDs(platform, all, 0, nil, &count)
    if status == CL_DEVICE_NOT_FOUND || status == CL_SUCCESS && count == 0 { return [] }
    try check(status, "clGetDeviceIDs")
    var devices = [cl_device_id?](repeating: nil, count: Int(count))
    try check(clGetDeviceIDs(platform, all, count, &devices, nil), "clGetDeviceIDs")
    return devices.compactMap(\.self)
  }

  /// `CL_PLATFORM_NOT_FOUND_KHR`: the loader found no driver.
  private static let noPlatform: cl_int = -1001

  static func information(
    _ device: cl_device_id, index: Int
  ) throws(OpenCLError) -> DeviceInformation {
    func number<Value: FixedWidthInteger & BitwiseCopyable>(
      _ parameter: Int32, _ type: Value.Type
    ) throws(OpenCLError) -> Int {
      Int(clamping: try value(device, parameter, as: type))
    }
    return DeviceInformation(
      identifier: "\(index)", name: try text(device, CL_DEVICE_NAME),
      kind: kind(try value(device, CL_DEVICE_TYPE, as: cl_device_type.self)),
      vendor: try text(device, CL_DEVICE_VENDOR), driver: try text(device, CL_DRIVER_VERSION),
      version: try text(device, CL_DEVICE_VERSION),
      computeUnits: try number(CL_DEVICE_MAX_COMPUTE_UNITS, cl_uint.self),
      clockMegahertz: try number(CL_DEVICE_MAX_CLOCK_FREQUENCY, cl_uint.self),
      globalMemoryBytes: try number(CL_DEVICE_GLOBAL_MEM_SIZE, cl_ulong.self),
      localMemoryBytes: try number(CL_DEVICE_LOCAL_MEM_SIZE, cl_ulong.self),
      largestAllocationBytes: try number(CL_DEVICE_MAX_MEM_ALLOC_SIZE, cl_ulong.self))
  }

  private static func kind(_ type: cl_device_type) -> DeviceInformation.Kind {
    if type & cl_device_type(CL_DEVICE_TYPE_GPU) != 0 { return .gpu }
    if type & cl_device_type(CL_DEVICE_TYPE_CPU) != 0 { return .cpu }
    return type & cl_device_type(CL_DEVICE_TYPE_ACCELERATOR) != 0 ? .accelerator : .other
  }

  static func value<Value: FixedWidthInteger & BitwiseCopyable>(
    _ device: cl_device_id, _ parameter: Int32, as type: Value.Type
  ) throws(OpenCLError) -> Value {
    var value: Value = 0
    try check(
      clGetDeviceInfo(device, cl_device_info(parameter), MemoryLayout<Value>.size, &value, nil),
      "clGetDeviceInfo")
    return value
  }

  private static func text(
    _ device: cl_device_id, _ parameter: Int32
  ) throws(OpenCLError) -> String {
    var size = 0
    try check(
      clGetDeviceInfo(device, cl_device_info(parameter), 0, nil, &size), "clGetDeviceInfo")
    var bytes = [UInt8](repeating: 0, count: size)
    try check(
      clGetDeviceInfo(device, cl_device_info(parameter), size, &bytes, nil), "clGetDeviceInfo")
    let name = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    return String(name.drop { $0 == " " })
  }
}
