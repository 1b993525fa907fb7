import CLoops
import Graphs

/// The maximum or the mean of each window.
struct Pool2DInstruction: Instruction {
  let pooling: Pooling
  let windows: loops_windows
  let x, y: UnsafeMutablePointer<Float>
  let threads: Int32

  init(_ op: Pool2D, _ node: Node, _ operands: Operands) {
    pooling = op.pooling
    windows = loops_windows(op.window, over: operands.shape(node.inputs[0]))
    x = operands.floats(node.inputs[0])
    y = operands.floats(node.outputs[0])
    threads = operands.threads
  }

  func run() {
    withUnsafePointer(to: windows) {
      switch pooling {
      case .maximum: loops_pool_maximum($0, x, y, threads)
      case .average: loops_pool_average($0, x, y, threads)
      }
    }
  }
}

/// `dy` to the first largest pixel of each window, or in equal parts to all.
struct Pool2DGradientInstruction: Instruction {
  let windows: loops_windows
  /// `x` for a maximum.
  let x: UnsafeMutablePointer<Float>?
  let dy, dx: UnsafeMutablePointer<Float>
  let threads: Int32

  init(_ op: Pool2DGradient, _ node: Node, _ operands: Operands) {
    windows = loops_windows(op.window, over: operands.shape(node.outputs[0]))
    dy = operands.floats(node.inputs[0])
    x = op.pooling == .maximum ? operands.floats(node.inputs[1]) : nil
    dx = operands.floats(node.outputs[0])
    threads = operands.threads
  }

  func run() {
    withUnsafePointer(to: windows) {
      if let x {
        loops_pool_maximum_gradient($0, dy, x, dx, threads)
      } else {
        loops_pool_average_gradient($0, dy, dx, threads)
      }
    }
  }
}

/// Images enlarged `factor` times in height and width.
struct Upsample2DInstruction: Instruction {
  let sizes: loops_upsampling
  let x, y: UnsafeMutablePointer<Float>
  let threads: Int32

  init(_ op: Upsample2D, _ node: Node, _ operands: Operands) {
    sizes = loops_upsampling(op.factor, op.interpolation, of: operands.shape(node.inputs[0]))
    x = operands.floats(node.inputs[0])
    y = operands.floats(node.outputs[0])
    threads = operands.threads
  }

  func run() { withUnsafePointer(to: sizes) { loops_upsample($0, x, y, threads) } }
}

/// For each old pixel, the sum over the new pixels computed from it.
struct Upsample2DGradientInstruction: Instruction {
  let sizes: loops_upsampling
  let dy, dx: UnsafeMutablePointer<Float>
  let threads: Int32

  init(_ op: Upsample2DGradient, _ node: Node, _ operands: Operands) {
    sizes = loops_upsampling(op.factor, op.interpolation, of: operands.shape(node.outputs[0]))
    dy = operands.floats(node.inputs[0])
    dx = operands.floats(node.outputs[0])
    threads = operands.threads
  }

  func run() { withUnsafePointer(to: sizes) { loops_upsample_gradient($0, dy, dx, threads) } }
}

/// The window of a transposed convolution that replaces a convolution of enlarged images.
struct UpsampleWindowInstruction: Instruction {
  let sums: loops_window_sums
  let w, v: UnsafeMutablePointer<Float>
  let threads: Int32

  init(_ op: UpsampleWindow, _ node: Node, _ operands: Operands) {
    let (w, v) = (operands.shape(node.inputs[0]), operands.shape(node.outputs[0]))
    sums = loops_window_sums(
      size: w[0], result_size: v[0], factor: op.factor, last: min(w[0], v[0]) - 1, rows: w[2],
      columns: w[3])
    self.w = operands.floats(node.inputs[0])
    self.v = operands.floats(node.outputs[0])
    threads = operands.threads
  }

  func run() { withUnsafePointer(to: sums) { loops_upsample_window($0, w, v, threads) } }
}

extension loops_upsampling {
  init(_ factor: Int, _ interpolation: Interpolation, of images: Shape) {
    self.init(
      images: images[0], height: images[1], width: images[2], channels: images[3], factor: factor,
      bilinear: interpolation == .bilinear ? 1 : 0)
  }
}
