import CLoops
import Graphs

/// Concatenates the columns of two tensors.
struct ConcatenateInstruction: Instruction {
  let a, b, y: UnsafeMutablePointer<Float>
  let rows, aColumns, bColumns, repeats: Int
  let threads: Int32

  init(_ node: Node, _ operands: Operands) {
    let (first, second) = (operands.shape(node.inputs[0]), operands.shape(node.inputs[1]))
    a = operands.floats(node.inputs[0])
    b = operands.floats(node.inputs[1])
    y = operands.floats(node.outputs[0])
    (rows, aColumns, bColumns) = (first.rows, first.columns, second.columns)
    repeats = rows / second.rows
    threads = operands.threads
  }

  func run() { loops_concatenate(a, b, y, rows, aColumns, bColumns, repeats, threads) }
}

/// Some columns of a tensor.
struct ColumnsInstruction: Instruction {
  let x, y: UnsafeMutablePointer<Float>
  let rows, columns: Int
  let range: Range<Int>
  let threads: Int32

  init(_ op: Columns, _ node: Node, _ operands: Operands) {
    x = operands.floats(node.inputs[0])
    y = operands.floats(node.outputs[0])
    rows = operands.shape(node.inputs[0]).rows
    columns = operands.shape(node.inputs[0]).columns
    range = op.range
    threads = operands.threads
  }

  func run() { loops_columns(x, y, rows, columns, range.lowerBound, range.count, threads) }
}

/// The classes of a batch of a feed's examples, at the feed's row.
struct GatherLabelsInstruction: Instruction {
  let op: GatherLabels
  let feed: CPUFeed
  let y: UnsafeMutablePointer<Float>

  init(_ op: GatherLabels, _ node: Node, _ operands: Operands) {
    self.op = op
    feed = operands.store.feed(op.feed)
    y = operands.floats(node.outputs[0])
  }

  func run() {
    y.update(repeating: 0, count: op.batchSize * op.classes)
    let order = feed.indices + feed.row * op.stride + op.start
    for n in 0..<op.batchSize {
      let label = Int(feed.labels[Int(order[n])])
      if 0 <= label, label < op.classes { y[n * op.classes + label] = 1 }
    }
  }
}
