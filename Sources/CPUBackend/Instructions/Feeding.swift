import CLoops
import Graphs
import Plans

/// A batch of a feed's examples, at the feed's row.
struct GatherInstruction: Instruction {
  let op: Gather
  let scale: Float
  let feed: CPUFeed
  let shift, factor: UnsafeMutablePointer<Float>?
  let y: UnsafeMutablePointer<Float>
  /// The number of values of an example, and from one row of the examples to the next.
  let columns, rowSize: Int
  let threads: Int32

  init(_ op: Gather, _ node: Node, _ operands: Operands) {
    self.op = op
    scale = Float(op.scale)
    feed = operands.store.feed(op.feed)
    precondition(
      feed.layout.examples == operands.plan.graph[node.inputs[0]].type,
      "the plan and the store must agree on the \(op.feed) examples")
    (shift, factor) = op.normalization.operands(of: node, from: 2, operands)
    y = operands.floats(node.outputs[0])
    columns = operands.shape(node.outputs[0]).count / op.batchSize
    rowSize = feed.layout.examples.shape.count / max(feed.layout.examples.shape[0], 1)
    threads = operands.threads
  }

  func run() {
    let first = feed.row * op.stride + op.start
    precondition(
      first + op.batchSize <= feed.layout.exampleCount, "a batch must end within the examples")
    loops_gather(
      feed.layout.examples.elementType.loops, scale, feed.examples.bytes, feed.indices + first,
      shift, factor, op.part.loops, y, op.batchSize, columns, rowSize, threads)
  }
}

/// `y[n] = x[n] / factor + shift`
struct DenormalizeInstruction: Instruction {
  let x, y: UnsafeMutablePointer<Float>
  let shift, factor: UnsafeMutablePointer<Float>?
  let rows, columns: Int
  let threads: Int32

  init(_ op: Denormalize, _ node: Node, _ operands: Operands) {
    let shape = operands.shape(node.inputs[0])
    x = operands.floats(node.inputs[0])
    (shift, factor) = op.normalization.operands(of: node, from: 1, operands)
    y = operands.floats(node.outputs[0])
    rows = shape[0]
    columns = shape.count / max(shape[0], 1)
    threads = operands.threads
  }

  func run() { loops_denormalize(x, shift, factor, y, rows, columns, threads) }
}

extension ElementType {
  fileprivate var loops: loops_element {
    switch self {
    case .uint8: LOOPS_BYTE
    case .float32: LOOPS_FLOAT
    case .float16: LOOPS_FLOAT16
    case .bfloat16: LOOPS_BFLOAT16
    case .int32: preconditionFailure("examples are not integers")
    }
  }
}

extension Gather.Part {
  fileprivate var loops: loops_part {
    switch self {
    case .values: LOOPS_VALUES
    case .filled: LOOPS_FILLED
    case .presence: LOOPS_PRESENCE
    }
  }
}

extension Normalization {
  /// The operands of the normalization, the first of them input `index` of `node`.
  fileprivate func operands(
    of node: Node, from index: Int, _ operands: Operands
  ) -> (shift: UnsafeMutablePointer<Float>?, factor: UnsafeMutablePointer<Float>?) {
    (
      shift ? operands.floats(node.inputs[index]) : nil,
      factor ? operands.floats(node.inputs[index + (shift ? 1 : 0)]) : nil
    )
  }
}

/// `N(0, 1)`, with the feed's counters.
struct NormalInstruction: Instruction {
  let draw: BoundDraw
  let y: UnsafeMutablePointer<Float>
  let threads: Int32

  init(_ op: Normal, _ node: Node, _ operands: Operands) {
    draw = BoundDraw(op.stream, op.feed, op.numbering, op.shape, operands)
    y = operands.floats(node.outputs[0])
    threads = operands.threads
  }

  func run() { withUnsafePointer(to: draw.now) { loops_normal($0, y, threads) } }
}
