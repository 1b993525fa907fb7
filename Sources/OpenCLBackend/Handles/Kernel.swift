import COpenCL

/// A kernel whose arguments are set once.
package final class Kernel {
  package let handle: cl_kernel
  private let program: Program
  private var argumentCount: cl_uint = 0

  package init(_ program: Program, _ name: String) throws(OpenCLError) {
    self.program = program
    var status: cl_int = CL_SUCCESS
    handle = try check(
      clCreateKernel(program.handle, name, &status), status, "clCreateKernel(\(name))")
  }

  deinit { clReleaseKernel(handle) }

  /// Sets an argument again, for the launches that are queued after this.
  func set(_ index: Int, to value: Int32) throws(OpenCLError) {
    var value = value
    try check(
      clSetKernelArg(handle, cl_uint(index), MemoryLayout<Int32>.size, &value), "clSetKernelArg")
  }

  /// Sets the next argument.
  package func append<Value: BitwiseCopyable>(_ value: Value) throws(OpenCLError) {
    var value = value
    try check(
      clSetKernelArg(handle, argumentCount, MemoryLayout<Value>.size, &value), "clSetKernelArg")
    argumentCount += 1
  }

  /// Sets the next argument.
  package func append(_ buffer: Buffer) throws(OpenCLError) {
    var memory: cl_mem? = buffer.handle
    try check(
      clSetKernelArg(handle, argumentCount, MemoryLayout<cl_mem?>.size, &memory), "clSetKernelArg")
    argumentCount += 1
  }
}
