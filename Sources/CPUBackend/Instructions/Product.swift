import CLoops
import COneDNN
import Graphs

/// The way to compute a product that measured fastest for its sizes and epilogue (Zen 5, 2 cores).
func productInstruction(
  _ op: Product, _ node: Node, _ operands: Operands
) throws(CPUError) -> any Instruction {
  let product = BoundProduct(op, node, operands)
  if product.isSmall { return SmallProductInstruction(product: product) }
  let epilogue = op.epilogue
  if epilogue.bias && !epilogue.addend && !op.transposeA && !op.transposeB {
    return try PrimitiveProductInstruction(product)
  }
  return LibraryProductInstruction(product: product)
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
    threads = operands.threads
  }

  var isSmall: Bool {
    m * n * k <= LOOPS_SMALL_PRODUCT && 16 * k <= LOOPS_SMALL_PANEL
  }

  /// The epilogue as a pass over C.
  func finish() {
    withUnsafePointer(to: epilogue) { loops_finish_product($0, c, c, m, n, threads) }
  }
}

/// A product on the calling thread, in our own loop: a call into oneDNN costs more up to about 32³.
struct SmallProductInstruction: Instruction {
  let product: BoundProduct

  func run() {
    let p = product
    withUnsafePointer(to: p.epilogue) {
      loops_small_product(p.transposeA, p.transposeB, p.m, p.n, p.k, p.a, p.b, p.c, $0)
    }
  }
}

/// oneDNN's product, then the epilogue in one pass.
struct LibraryProductInstruction: Instruction {
  let product: BoundProduct

  func run() throws(CPUError) {
    let p = product
    let status = onednn_product(p.transposeA, p.transposeB, p.m, p.n, p.k, p.a, p.b, 0, p.c)
    try check("sgemm", status)
    if p.epilogue.doesAnything { p.finish() }
  }
}

/// A product with its bias, and relu where it has one, as a primitive: C is written once. Other
/// activations follow in a pass of ours, for the polynomials are ours.
final class PrimitiveProductInstruction: Instruction {
  private let product: BoundProduct
  private let primitive: OpaquePointer
  private let finishes: Bool

  init(_ product: BoundProduct) throws(CPUError) {
    var rest = product
    let relu = product.epilogue.activation == LOOPS_RELU
    rest.epilogue.bias = nil
    if relu { rest.epilogue.activation = LOOPS_IDENTITY }
    var primitive: OpaquePointer?
    let status = onednn_bind_product(
      product.m, product.n, product.k, product.a, product.b, product.epilogue.bias!, relu ? 1 : 0,
      product.c, &primitive)
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
