import CLoops
import Graphs

/// `y = x + bias`, row by row: a product's epilogue without the product.
struct AddBiasInstruction: Instruction {
  let epilogue: loops_epilogue
  let x, y: UnsafeMutablePointer<Float>
  let rows, columns: Int
  let threads: Int32

  init(_ node: Node, _ operands: Operands) {
    var epilogue = loops_epilogue()
    epilogue.bias = UnsafePointer(operands.floats(node.inputs[1]))
    self.epilogue = epilogue
    x = operands.floats(node.inputs[0])
    y = operands.floats(node.outputs[0])
    rows = operands.shape(node.inputs[0]).rows
    columns = operands.shape(node.inputs[0]).columns
    threads = operands.threads
  }

  func run() {
    withUnsafePointer(to: epilogue) { loops_finish_product($0, x, y, rows, columns, threads) }
  }
}

/// `s[o] = Σ x[n, o]`
struct ColumnSumInstruction: Instruction {
  let x, s: UnsafeMutablePointer<Float>
  let rows, columns: Int
  let threads: Int32

  init(_ node: Node, _ operands: Operands) {
    x = operands.floats(node.inputs[0])
    s = operands.floats(node.outputs[0])
    rows = operands.shape(node.inputs[0]).rows
    columns = operands.shape(node.inputs[0]).columns
    threads = operands.threads
  }

  func run() { loops_column_sum(x, s, rows, columns, threads) }
}
