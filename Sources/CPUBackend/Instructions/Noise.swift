import CLoops
import Graphs

/// The random numbers of an op, with the feed's counters.
struct BoundDraw {
  private let seed: UInt64
  private let stream: UInt32
  private let feed: CPUFeed
  private let numbering: Numbering
  private let rows, columns: Int

  init(
    _ stream: UInt32, _ feed: Feed, _ numbering: Numbering, _ shape: Shape, _ operands: Operands
  ) {
    seed = operands.store.layout.seed
    self.stream = stream
    self.feed = operands.store.feed(feed)
    self.numbering = numbering
    (rows, columns) = numbering.matrix(shape)
  }

  var now: loops_draw {
    loops_draw(
      seed: seed, step: numbering.firstStep(first: feed.first, row: feed.row, step: feed.step),
      stream: stream,
      first: numbering.firstElement, rows: rows, columns: columns, draws: numbering.drawCount)
  }
}

/// `y = keep ? scale · x : 0`, with the feed's counters: the gradient draws the same numbers again.
struct DropoutInstruction: Instruction {
  let op: Dropout
  let draw: BoundDraw
  let x, y: UnsafeMutablePointer<Float>
  let threads: Int32

  init(_ op: Dropout, _ node: Node, _ operands: Operands) {
    self.op = op
    draw = BoundDraw(
      op.stream, op.feed, op.numbering, operands.shape(node.inputs[0]), operands)
    x = operands.floats(node.inputs[0])
    y = operands.floats(node.outputs[0])
    threads = operands.threads
  }

  func run() {
    withUnsafePointer(to: draw.now) {
      loops_dropout($0, op.threshold, op.scale, x, y, threads)
    }
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

/// `dx = dy` for elements that were not clipped.
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
