import COpenCL

/// A context of one device.
final class Context {
  let handle: cl_context

  init(_ device: cl_device_id) throws(OpenCLError) {
    var device: cl_device_id? = device
    var status: cl_int = CL_SUCCESS
    handle = try check(
      clCreateContext(nil, 1, &device, nil, nil, &status), status, "clCreateContext")
  }

  deinit { clReleaseContext(handle) }
}
