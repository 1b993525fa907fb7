import CLoops
import Graphs

extension PooledConvolution {
  /// The steps that its instructions replace.
  var steps: [Int] { [convolution, pooling] + (gradients.map { [$0.pooling, $0.weights] } ?? []) }

  /// Its instructions, by the step in whose place each runs.
  func instructions(_ operands: Operands) throws(CPUError) -> [Int: any Instruction] {
    let forward = try PooledConvolutionInstruction(self, operands)
    guard let gradients else { return [convolution: forward] }
    let backward = try PooledWeightGradientInstruction(
      forward, by: operands.plan.steps[gradients.pooling].inputs[0],
      of: operands.plan.steps[gradients.weights].outputs[0], operands)
    return [convolution: forward, gradients.weights: backward]
  }
}

/// The maximum of each two by two results of a convolution, and its position.
final class PooledConvolutionInstruction: Instruction {
  fileprivate let windows: loops_windows
  fileprivate let outputs: Int
  fileprivate let x: UnsafeMutablePointer<Float>
  /// One byte per pooled element.
  fileprivate let winners: CPUMemory
  private let w, y: UnsafeMutablePointer<Float>
  private let bias: UnsafeMutablePointer<Float>?
  private let relu: Int32
  private let threads: Int32

  var implementation: String? { "loops, pooled" }

  init(_ pooled: PooledConvolution, _ operands: Operands) throws(CPUError) {
    let (node, pooling) = (
      operands.plan.steps[pooled.convolution], operands.plan.steps[pooled.pooling]
    )
    guard case .conv2D(let op) = node.op else { preconditionFailure("not a convolution") }
    windows = loops_windows(op.window, over: operands.shape(node.inputs[0]))
    outputs = operands.shape(node.outputs[0])[3]
    x = operands.floats(node.inputs[0])
    w = operands.floats(node.inputs[1])
    bias = op.operandIndices.bias.map { operands.floats(node.inputs[$0]) }
    relu = pooled.relu ? 1 : 0
    y = operands.floats(pooling.outputs[0])
    winners = try CPUMemory(
      byteCount: operands.count(pooling.outputs[0]), filler: 0, operands.store.memory)
    threads = operands.threads
  }

  func run() {
    withUnsafePointer(to: windows) {
      loops_convolve_pooled(
        $0, outputs, x, w, bias, relu, y, winners.bytes.assumingMemoryBound(to: UInt8.self), threads
      )
    }
  }
}

/// The weight gradient of the same, from the gradient of the pooled images.
final class PooledWeightGradientInstruction: Instruction {
  private let forward: PooledConvolutionInstruction
  private let dy, dw: UnsafeMutablePointer<Float>
  /// Sums of parts of the images.
  private let partial: CPUMemory
  private let threads: Int32

  var implementation: String? { "loops, pooled" }

  init(
    _ forward: PooledConvolutionInstruction, by dy: TensorID, of dw: TensorID,
    _ operands: Operands
  ) throws(CPUError) {
    self.forward = forward
    self.dy = operands.floats(dy)
    self.dw = operands.floats(dw)
    let parts = withUnsafePointer(to: forward.windows) { loops_correlation_parts($0) }
    partial = try CPUMemory(
      byteCount: 4 * parts * operands.count(dw), filler: 0, operands.store.memory)
    threads = operands.threads
  }

  func run() {
    withUnsafePointer(to: forward.windows) {
      loops_convolve_pooled_weight_gradient(
        $0, forward.outputs, forward.x, dy,
        forward.winners.bytes.assumingMemoryBound(to: UInt8.self), partial.floats, dw, threads)
    }
  }
}
