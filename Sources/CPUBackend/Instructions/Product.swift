import CLoops
import COneDNN
import Graphs

/// The code for a product: the fastest in measurements for its sizes (Zen 5, 2 threads).
enum ProductRoute {
  /// Our own loop, in the calling thread: up to about 32³, a call into oneDNN costs more.
  case loops
  /// A oneDNN primitive, unless A is transposed. It reads Bᵀ in half the time of sgemm if there are
  /// few rows: 28 against 46 µs for `[20, 256] · [784, 256]ᵀ`, 115 against 132 for `[256, 784] ·
  /// [128, 784]ᵀ`.
  case primitive
  /// oneDNN's sgemm, which reads Aᵀ faster than the primitive (109 against 125 µs for `[256, 784]ᵀ
  /// · [256, 128]`) and can add to C.
  case sgemm

  init(transposeA: Bool, m: Int, n: Int, k: Int) {
    if m * n * k <= LOOPS_SMALL_PRODUCT && 16 * k <= LOOPS_SMALL_PANEL {
      self = .loops
    } else {
      self = transposeA ? .sgemm : .primitive
    }
  }

  init(_ op: Product, _ node: Node, in graph: Graph) {
    let (a, c) = (graph.shape(node.inputs[0]), graph.shape(node.outputs[0]))
    self.init(transposeA: op.transposeA, m: c[0], n: c[1], k: op.transposeA ? a[0] : a[1])
  }
}

func productInstruction(
  _ op: Product, _ node: Node, _ operands: Operands
) throws(CPUError) -> any Instruction {
  let product = BoundProduct(op, node, operands)
  switch ProductRoute(op, node, in: operands.plan.graph) {
  case .loops: return SmallProductInstruction(product: product)
  case .primitive: return try PrimitiveProductInstruction(product)
  case .sgemm: return LibraryProductInstruction(product)
  }
}

/// The sizes and addresses of a product.
struct BoundProduct {
  let transposeA: Int32
  let transposeB: Int32
  let m: Int
  let n: Int
  let k: Int
  let a: UnsafeMutablePointer<Float>
  let b: UnsafeMutablePointer<Float>
  let c: UnsafeMutablePointer<Float>
  var epilogue: loops_epilogue
  let trains: Bool
  let threads: Int32

  init(_ op: Product, _ node: Node, _ operands: Operands) {
    let shape = operands.shape(node.inputs[0])
    let result = operands.shape(node.outputs[0])
    transposeA = op.transposeA ? 1 : 0
    transposeB = op.transposeB ? 1 : 0
    m = result[0]
    n = result[1]
    k = op.transposeA ? shape[0] : shape[1]
    a = operands.floats(node.inputs[0])
    b = operands.floats(node.inputs[1])
    c = operands.floats(node.outputs[0])
    epilogue = op.bound(to: node, operands)
    trains = operands.trains
    threads = operands.threads
  }

  /// The epilogue as a pass over C.
  func finish() {
    withUnsafePointer(to: epilogue) { loops_finish_product($0, c, c, m, n, threads) }
  }
}

/// A product in the calling thread, with our own loop.
struct SmallProductInstruction: Instruction {
  let product: BoundProduct

  func run() {
    let p = product
    withUnsafePointer(to: p.epilogue) {
      loops_small_product(p.transposeA, p.transposeB, p.m, p.n, p.k, p.a, p.b, p.c, $0)
    }
  }
}

/// A product that oneDNN divides, among its threads or into the blocks of a part.
protocol OneDNNProduct: Instruction {
  var product: BoundProduct { get }
}

/// oneDNN's sgemm, then the epilogue. Each thread computes and finishes its own rows, about those
/// that it will check and update later, because data that another core wrote are slower to read.
struct LibraryProductInstruction: OneDNNProduct {
  let product: BoundProduct
  /// 1 if C contains the addend.
  private let beta: Float

  init(_ product: BoundProduct) {
    var rest = product
    let accumulates = product.epilogue.addend == UnsafePointer(product.c)
    if accumulates { rest.epilogue.addend = nil }
    self.product = rest
    beta = accumulates ? 1 : 0
  }

  func run() throws(CPUError) {
    var work = (instruction: self, status: Int32(0))
    withUnsafeMutablePointer(to: &work) {
      loops_parallel(
        product.threads,
        { context in
          let work = context.assumingMemoryBound(
            to: (instruction: LibraryProductInstruction, status: Int32).self)
          let status = work.pointee.instruction.runShare(
            Int(loops_thread()), of: Int(loops_team()))
          if status != 0 { work.pointee.status = status }
        }, $0)
    }
    try check("sgemm", work.status)
  }

  /// The rows of a thread. Returns oneDNN's status.
  private func runShare(_ thread: Int, of team: Int) -> Int32 {
    let p = product
    let first = p.m * thread / team
    let rows = p.m * (thread + 1) / team - first
    guard rows > 0 else { return 0 }
    let status = onednn_product(
      p.transposeA, p.transposeB, p.m, p.n, p.k, first, rows, p.a, p.b, beta, p.c)
    if p.epilogue.doesAnything {
      withUnsafePointer(to: p.epilogue) { loops_finish_rows($0, p.c, p.c, first, rows, p.n) }
    }
    return status
  }
}

/// A product with the bias and, in a plan that trains, its relu, as a primitive: C is written once.
/// Addends and other activations are a separate pass, because their polynomials are ours.
final class PrimitiveProductInstruction: OneDNNProduct {
  let product: BoundProduct
  private let primitive: OpaquePointer
  private let finishes: Bool

  init(_ product: BoundProduct) throws(CPUError) {
    precondition(product.transposeA == 0, "a primitive cannot transpose A")
    var rest = product
    let relu =
      product.epilogue.activation == LOOPS_RELU && product.epilogue.addend == nil && product.trains
    rest.epilogue.bias = nil
    if relu { rest.epilogue.activation = LOOPS_IDENTITY }
    var primitive: OpaquePointer?
    let status = onednn_bind_product(
      product.transposeB, product.m, product.n, product.k, product.a, product.b,
      product.epilogue.bias, relu ? 1 : 0, product.c, &primitive)
    try check("matmul", status)
    self.product = rest
    self.primitive = primitive!
    finishes = rest.epilogue.doesAnything
  }

  deinit { onednn_release_product(primitive) }

  func run() throws(CPUError) {
    try check("matmul", onednn_run_product(primitive))
    if finishes { product.finish() }
  }
}
