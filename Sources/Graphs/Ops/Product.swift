/// A matrix product with optional fused operations: `C = epilogue(op(A) · op(B))`.
/// - `A`: `[M, K]` (`[K, M]` if transposed); `B`: `[K, N]` (`[N, K]`). Result: `[M, N]`.
/// - Then the operands of the epilogue: bias `[N]`, addend `[M, N]`, the derivative's
///   `[M, N]`.
/// - Gradient (of the plain product): `dA = dC · op(B)ᵀ`, `dB = op(A)ᵀ · dC`, likewise if
///   transposed.
package struct Product: EpilogueOperation, DifferentiableOperation {
  package let transposeA: Bool
  package let transposeB: Bool
  package var epilogue: Epilogue

  package init(transposeA: Bool = false, transposeB: Bool = false, epilogue: Epilogue = .init()) {
    self.transposeA = transposeA
    self.transposeB = transposeB
    self.epilogue = epilogue
  }

  package var op: Op { .product(self) }
  package var name: String {
    "product(\(transposeA ? "Aᵀ" : "A"), \(transposeB ? "Bᵀ" : "B"))" + epilogue.suffix
  }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    let shapes = inputs.map(\.shape)
    guard shapes.count >= 2, shapes[0].rank == 2, shapes[1].rank == 2 else {
      throw mismatch("matrices A and B", inputs)
    }
    let (m, kA) = transposeA ? (shapes[0][1], shapes[0][0]) : (shapes[0][0], shapes[0][1])
    let (kB, n) = transposeB ? (shapes[1][1], shapes[1][0]) : (shapes[1][0], shapes[1][1])
    guard kA == kB else {
      let wanted: Shape = transposeB ? [n, kA] : [kA, n]
      throw mismatch("B \(wanted) for A \(shapes[0])", inputs)
    }
    return try epilogueTypes([m, n], inputs)
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    let dC = try plainGradient(call)
    let (a, b) = (call.inputs[0], call.inputs[1])
    // dB comes first: it frees no operand that dA needs, and dC is still in the cache.
    var dB: TensorID?
    if call.wanted[1] {
      dB =
        transposeB
        ? try graph.add(.product(Product(transposeA: true, transposeB: transposeA)), [dC, a])[0]
        : try graph.add(.product(Product(transposeA: !transposeA)), [a, dC])[0]
    }
    var dA: TensorID?
    if call.wanted[0] {
      dA =
        transposeA
        ? try graph.add(.product(Product(transposeA: transposeB, transposeB: true)), [b, dC])[0]
        : try graph.add(.product(Product(transposeB: !transposeB)), [dC, b])[0]
    }
    return [dA, dB]
  }

  /// `2 M N K`: the epilogue is not counted.
  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    2 * outputs[0].count * (transposeA ? inputs[0][0] : inputs[0][1])
  }
}
