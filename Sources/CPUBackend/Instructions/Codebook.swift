import CLoops
import Graphs

/// Indices of the nearest codebook vectors.
struct NearestInstruction: Instruction {
  let scores, codes, indices: UnsafeMutablePointer<Float>
  let rows, count, columns: Int
  /// The codes' squared norms.
  let norms: CPUMemory
  let threads: Int32

  init(_ node: Node, _ operands: Operands) throws(CPUError) {
    scores = operands.floats(node.inputs[0])
    codes = operands.floats(node.inputs[1])
    indices = operands.floats(node.outputs[0])
    rows = operands.shape(node.inputs[0])[0]
    count = operands.shape(node.inputs[1])[0]
    columns = operands.shape(node.inputs[1])[1]
    norms = try CPUMemory(byteCount: 4 * count, filler: 0, operands.store.memory)
    threads = operands.threads
  }

  func run() {
    loops_nearest(scores, codes, norms.floats, indices, rows, count, columns, threads)
  }
}

/// `y[m] = codes[indices[m]]`
struct LookUpInstruction: Instruction {
  let indices, codes, y: UnsafeMutablePointer<Float>
  let rows, columns: Int
  let threads: Int32

  init(_ node: Node, _ operands: Operands) {
    indices = operands.floats(node.inputs[0])
    codes = operands.floats(node.inputs[1])
    y = operands.floats(node.outputs[0])
    rows = operands.shape(node.outputs[0])[0]
    columns = operands.shape(node.outputs[0])[1]
    threads = operands.threads
  }

  func run() { loops_look_up(indices, codes, y, rows, columns, threads) }
}

/// The effective number of codebook vectors that the indices use.
struct PerplexityInstruction: Instruction {
  let indices, perplexity: UnsafeMutablePointer<Float>
  let rows, count: Int
  /// The number of uses of each codebook vector.
  let counts: CPUMemory

  init(_ op: Perplexity, _ node: Node, _ operands: Operands) throws(CPUError) {
    indices = operands.floats(node.inputs[0])
    perplexity = operands.floats(node.outputs[0])
    rows = operands.count(node.inputs[0])
    count = op.count
    counts = try CPUMemory(byteCount: 4 * count, filler: 0, operands.store.memory)
  }

  func run() { loops_perplexity(indices, counts.floats, perplexity, rows, count) }
}

/// Updates the codebook by the rows assigned to each vector, unless updates have ended.
struct UpdateCodebookInstruction: Instruction {
  let op: UpdateCodebook
  let store: CPUStore
  let feed: CPUFeed
  let x, indices, codes, counts, sums: UnsafeMutablePointer<Float>
  let rows, count, columns: Int
  /// The rows sorted by their indices, and the first row of each index.
  let order: CPUMemory
  let threads: Int32

  init(_ op: UpdateCodebook, _ node: Node, _ operands: Operands) throws(CPUError) {
    self.op = op
    store = operands.store
    feed = operands.store.feed(.training)
    x = operands.floats(node.inputs[0])
    indices = operands.floats(node.inputs[1])
    codes = operands.floats(node.inputs[2])
    counts = operands.floats(node.inputs[3])
    sums = operands.floats(node.inputs[4])
    rows = operands.shape(node.inputs[0])[0]
    count = operands.shape(node.inputs[2])[0]
    columns = operands.shape(node.inputs[2])[1]
    order = try CPUMemory(
      byteCount: 4 * (rows + count + 1), filler: 0, operands.store.memory)
    threads = operands.threads
  }

  func run() {
    guard store.nonFinite == nil else { return }
    let settings = loops_codebook(
      decay: op.decay, epsilon: op.epsilon, restart: op.restart, seed: store.layout.seed,
      step: UInt64(feed.step), stream: op.stream, rows: rows, count: count, columns: columns)
    withUnsafePointer(to: settings) {
      loops_update_codebook(
        $0, x, indices, codes, counts, sums,
        order.bytes.assumingMemoryBound(to: Int32.self), threads)
    }
  }
}
