import COpenCL

/// A compiled kernel file with its defines.
package final class Program {
  let handle: cl_program
  private let context: Context

  /// - Throws: `.build` with the compiler's log.
  init(
    name: String, source: String, options: String, _ context: Context, _ device: cl_device_id,
    deviceName: String
  ) throws(OpenCLError) {
    self.context = context
    var status: cl_int = CL_SUCCESS
    let created = source.withCString { text in
      var text: UnsafePointer<CChar>? = text
      return clCreateProgramWithSource(context.handle, 1, &text, nil, &status)
    }
    handle = try check(created, status, "clCreateProgramWithSource")
    var device: cl_device_id? = device
    let built = clBuildProgram(handle, 1, &device, options, nil, nil)
    guard built == CL_SUCCESS else {
      let log = Self.log(handle, device!)
      guard built == CL_BUILD_PROGRAM_FAILURE || !log.isEmpty else {
        throw .call(name: "clBuildProgram", status: built)
      }
      throw .build(program: name, options: options, device: deviceName, log: log)
    }
  }

  deinit { clReleaseProgram(handle) }

  private static func log(_ program: cl_program, _ device: cl_device_id) -> String {
    var size = 0
    let parameter = cl_program_build_info(CL_PROGRAM_BUILD_LOG)
    guard clGetProgramBuildInfo(program, device, parameter, 0, nil, &size) == CL_SUCCESS else {
      return ""
    }
    var bytes = [UInt8](repeating: 0, count: size)
    guard clGetProgramBuildInfo(program, device, parameter, size, &bytes, nil) == CL_SUCCESS else {
      return ""
    }
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}
