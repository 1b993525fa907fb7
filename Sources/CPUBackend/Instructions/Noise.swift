import CLoops
import Graphs

/// `y = keep ? scale · x : 0`, numbered by the feed's step: a gradient draws the same numbers
/// again.
struct DropoutInstruction: Instruction {
  let op: Dropout
  let seed: UInt64
  let feed: CPUFeed
  let x, y: UnsafeMutablePointer<Float>
  let count: Int
  let threads: Int32

  init(_ op: Dropout, _ node: Node, _ operands: Operands) {
    self.op = op
    seed = operands.store.layout.seed
    feed = operands.store.feed(op.feed)
    x = operands.floats(node.inputs[0])
    y = operands.floats(node.outputs[0])
    count = operands.count(node.inputs[0])
    threads = operands.threads
  }

  func run() {
    loops_dropout(
      seed, UInt64(feed.step), op.stream, op.threshold, op.scale, x, y, count, threads)
  }
}

/// `y = clip(x + mean + deviation · ε)`
struct NoiseInstruction: Instruction {
  let op: Noise
  let x, epsilon, y: UnsafeMutablePointer<Float>
  let count: Int
  let threads: Int32

  init(_ op: Noise, _ node: Node, _ operands: Operands) {
    self.op = op
    x = operands.floats(node.inputs[0])
    epsilon = operands.floats(node.inputs[1])
    y = operands.floats(node.outputs[0])
    count = operands.count(node.inputs[0])
    threads = operands.threads
  }

  func run() {
    loops_noise(
      op.mean, op.deviation, op.range?.lowerBound ?? -.infinity, op.range?.upperBound ?? .infinity,
      x, epsilon, y, count, threads)
  }
}

/// `dx = dy` where nothing was clipped.
struct NoiseGradientInstruction: Instruction {
  let range: ClosedRange<Double>
  let dy, y, dx: UnsafeMutablePointer<Float>
  let count: Int
  let threads: Int32

  init(_ op: NoiseGradient, _ node: Node, _ operands: Operands) {
    range = op.range
    dy = operands.floats(node.inputs[0])
    y = operands.floats(node.inputs[1])
    dx = operands.floats(node.outputs[0])
    count = operands.count(node.inputs[0])
    threads = operands.threads
  }

  func run() {
    loops_noise_gradient(range.lowerBound, range.upperBound, dy, y, dx, count, threads)
  }
}
