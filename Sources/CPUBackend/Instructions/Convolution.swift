import CLoops
import COneDNN
import Graphs
import Plans

/// Chooses the code for a convolution or one of its gradients: our own loops if it is tiny, or if
/// one side has a single channel (28×28 from 32 channels to one, batch 256, 1 thread of Zen 5: 2
/// against 22 ms); else oneDNN, unless it has no fast code for it.
func convolutionInstruction(
  _ op: some EpilogueOperation, _ node: Node, _ operands: Operands
) throws(CPUError) -> any Instruction {
  let convolution = BoundConvolution(op, node, operands)
  if let thin = try ThinConvolutionInstruction(convolution) { return thin }
  if convolution.multiplications > LOOPS_SMALL_CONVOLUTION {
    let bound = try PrimitiveConvolutionInstruction(convolution)
    if bound.isFast { return bound }
  }
  return PlainConvolutionInstruction(convolution: convolution)
}

/// The sizes and addresses of a convolution, whichever of its three tensors is the result.
struct BoundConvolution {
  let pass: onednn_pass
  let windows: loops_windows
  let outputs: Int
  let x, w, y: UnsafeMutablePointer<Float>
  var epilogue: loops_epilogue
  let trains: Bool
  let threads: Int32
  /// Counts the scratch memory.
  let memory: MemoryTally

  init(_ op: some EpilogueOperation, _ node: Node, _ operands: Operands) {
    let window: Window
    let tensors: (x: TensorID, w: TensorID, y: TensorID)
    let result = node.outputs[0]
    switch op.op {
    case .conv2D(let op):
      (pass, window) = (ONEDNN_FORWARD, op.window)
      tensors = (node.inputs[0], node.inputs[1], result)
    case .conv2DInputGradient(let op):
      (pass, window) = (ONEDNN_INPUT_GRADIENT, op.window)
      tensors = (result, node.inputs[1], node.inputs[0])
    case .conv2DWeightGradient(let op):
      (pass, window) = (ONEDNN_WEIGHT_GRADIENT, op.window)
      tensors = (node.inputs[0], result, node.inputs[1])
    default: preconditionFailure("\(op.name) is not a convolution")
    }
    windows = loops_windows(window, over: operands.shape(tensors.x))
    outputs = operands.shape(tensors.y)[3]
    x = operands.floats(tensors.x)
    w = operands.floats(tensors.w)
    y = operands.floats(tensors.y)
    epilogue = op.bound(to: node, operands)
    trains = operands.trains
    threads = operands.threads
    memory = operands.store.memory
  }

  var multiplications: Int {
    windows.images * windows.result_height * windows.result_width * windows.size * windows.size
      * windows.channels * outputs
  }

  /// The result as a matrix.
  var result: (address: UnsafeMutablePointer<Float>, rows: Int, columns: Int) {
    let s = windows
    return switch pass {
    case ONEDNN_FORWARD: (y, s.images * s.result_height * s.result_width, outputs)
    case ONEDNN_INPUT_GRADIENT: (x, s.images * s.height * s.width, s.channels)
    default: (w, s.size * s.size * s.channels, outputs)
    }
  }

  /// The epilogue as a pass over the result.
  func finish() {
    let (address, rows, columns) = result
    withUnsafePointer(to: epilogue) {
      loops_finish_product($0, address, address, rows, columns, threads)
    }
  }
}

/// Our own loops.
struct PlainConvolutionInstruction: Instruction {
  let convolution: BoundConvolution
  var implementation: String? { "loops" }

  func run() {
    let v = convolution
    withUnsafePointer(to: v.windows) { windows in
      withUnsafePointer(to: v.epilogue) { epilogue in
        switch v.pass {
        case ONEDNN_FORWARD:
          loops_convolve(windows, v.outputs, v.x, v.w, v.y, epilogue, v.threads)
        case ONEDNN_INPUT_GRADIENT:
          loops_convolve_input_gradient(windows, v.outputs, v.y, v.w, v.x, epilogue, v.threads)
        default:
          loops_convolve_weight_gradient(windows, v.outputs, v.x, v.y, v.w, epilogue, v.threads)
        }
      }
    }
  }
}

/// Our own loops between images of one channel and images of many channels: to one channel, forward
/// or backward, and the weight gradient from or to one channel.
final class ThinConvolutionInstruction: Instruction {
  private let convolution: BoundConvolution
  /// Sums of parts of the images, for a weight gradient.
  private let partial: CPUMemory

  var implementation: String? { "loops, one channel" }

  /// Fewer channels than this do not fill a vector.
  private static let wide = 8

  /// `nil` if no side has a single channel, or there is no such loop.
  init?(_ convolution: BoundConvolution) throws(CPUError) {
    let (channels, outputs) = (convolution.windows.channels, convolution.outputs)
    let applies =
      switch convolution.pass {
      case ONEDNN_FORWARD: outputs == 1 && channels >= Self.wide
      case ONEDNN_INPUT_GRADIENT: channels == 1 && outputs >= Self.wide
      case ONEDNN_WEIGHT_GRADIENT:
        min(channels, outputs) == 1 && max(channels, outputs) >= Self.wide
      default: false
      }
    guard applies else { return nil }
    self.convolution = convolution
    let s = convolution.windows
    let parts = withUnsafePointer(to: s) { loops_correlation_parts($0) }
    partial = try CPUMemory(
      byteCount: convolution.pass == ONEDNN_WEIGHT_GRADIENT
        ? 4 * parts * s.size * s.size * channels * outputs : 0, filler: 0, convolution.memory)
  }

  func run() {
    let v = convolution
    withUnsafePointer(to: v.windows) { windows in
      if v.pass == ONEDNN_FORWARD {
        withUnsafePointer(to: v.epilogue) {
          loops_convolve_to_one(windows, v.x, v.w, v.y, $0, v.threads)
        }
      } else if v.pass == ONEDNN_INPUT_GRADIENT {
        withUnsafePointer(to: v.epilogue) {
          loops_spread_to_one(windows, v.outputs, v.y, v.w, v.x, $0, v.threads)
        }
      } else if v.outputs == 1 {
        loops_correlate(
          windows, v.windows.channels, v.x, v.y, 1, partial.floats, v.w, v.threads)
      } else {
        loops_correlate(windows, v.outputs, v.y, v.x, 0, partial.floats, v.w, v.threads)
      }
    }
    if v.pass == ONEDNN_WEIGHT_GRADIENT && v.epilogue.doesAnything { v.finish() }
  }
}

/// A oneDNN primitive with bias and the activations that oneDNN supports; the rest of the epilogue
/// is a separate pass.
final class PrimitiveConvolutionInstruction: Instruction {
  private let convolution: BoundConvolution
  private let primitive: OpaquePointer
  private let finishes: Bool

  init(_ convolution: BoundConvolution) throws(CPUError) {
    var rest = convolution
    let epilogue = convolution.epilogue
    let isForward = convolution.pass == ONEDNN_FORWARD
    let bias = isForward ? epilogue.bias : nil
    var activation = ONEDNN_IDENTITY
    if isForward && epilogue.addend == nil {
      switch epilogue.activation {
      case LOOPS_RELU where convolution.trains: activation = ONEDNN_RELU
      case LOOPS_LEAKY_RELU: activation = ONEDNN_LEAKY_RELU
      case LOOPS_ELU: activation = ONEDNN_ELU
      default: break
      }
    }
    if isForward { rest.epilogue.bias = nil }
    if activation != ONEDNN_IDENTITY { rest.epilogue.activation = LOOPS_IDENTITY }
    var primitive: OpaquePointer?
    var sizes = onednn_convolution_sizes(convolution)
    let status = onednn_bind_convolution(
      convolution.pass, &sizes, convolution.x, convolution.w, convolution.y, bias, activation,
      &primitive)
    try check("convolution", status)
    self.convolution = rest
    self.primitive = primitive!
    finishes = rest.epilogue.doesAnything
  }

  deinit { onednn_release_convolution(primitive) }

  /// oneDNN's name of the code that it chose.
  var implementation: String? { String(cString: onednn_convolution_implementation(primitive)) }

  /// Whether it is not the reference code, which is slower than our loops.
  var isFast: Bool { !implementation!.hasPrefix("ref") && !implementation!.hasPrefix("simple") }

  func run() throws(CPUError) {
    try check("convolution", onednn_run_convolution(primitive))
    if finishes { convolution.finish() }
  }
}

extension loops_windows {
  /// The windows over images `[N, H, W, C]`.
  init(_ window: Window, over images: Shape) {
    self.init(
      images: images[0], height: images[1], width: images[2], channels: images[3],
      result_height: window.count(over: images[1]), result_width: window.count(over: images[2]),
      size: window.size, stride: window.stride, above: window.offset(over: images[1]),
      left: window.offset(over: images[2]))
  }
}

extension onednn_convolution_sizes {
  init(_ convolution: BoundConvolution) {
    let s = convolution.windows
    /// The number of zero rows that the last window needs after the image.
    func after(_ count: Int, _ offset: Int, _ length: Int) -> Int {
      max((count - 1) * s.stride + s.size - length - offset, 0)
    }
    self.init(
      images: s.images, height: s.height, width: s.width, channels: s.channels,
      result_height: s.result_height, result_width: s.result_width, outputs: convolution.outputs,
      size: s.size, stride: s.stride, above: s.above,
      below: after(s.result_height, s.above, s.height), left: s.left,
      right: after(s.result_width, s.left, s.width))
  }
}
