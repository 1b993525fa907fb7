import COpenCL
import Kernels
import OpenCLBackend
import TestSupport

extension OpenCLTestDevice {
  /// The elements of a `floatV`.
  var vector: Int { style == .fat ? 16 : 1 }
}

extension OpenCLBackend {
  /// Runs a kernel of the test's own, with vectors, sums, functions and Philox in front, on `input`
  /// as one work-item.
  /// - Returns: its output, `count` elements.
  func run<Input: BitwiseCopyable, Output: BitwiseCopyable>(
    _ name: String, source: String, defines: [String] = [], vector: Int, input: [Input],
    output: Output.Type, count: Int
  ) throws -> [Output] {
    let program = try compile(
      name,
      source: kernelSource(
        expanding: """
          #include "activations.cl"
          #include "sums.cl"
          #include "loops.cl"
          #include "philox.cl"
          \(source)
          """),
      options: (["-cl-std=CL1.2", "VECTOR=\(vector)", "LOCAL=1"] + defines)
        .joined(separator: " -D "))
    let kernel = try Kernel(program, name)
    let stride = MemoryLayout<Output>.stride
    let x = try makeBuffer("the input", count: input.count, fill: 0)
    let y = try makeBuffer("the output", count: count, bytesEach: stride, fill: 0xFF)
    try x.write(input)
    try kernel.append(Int32(input.count))
    try kernel.append(x)
    try kernel.append(y)
    var one = 1
    let status = clEnqueueNDRangeKernel(
      queue.handle, kernel.handle, 1, nil, &one, &one, 0, nil, nil)
    guard status == CL_SUCCESS else {
      throw OpenCLError.call(name: "clEnqueueNDRangeKernel", status: status)
    }
    return try y.read(Output.self, count: count)
  }
}
