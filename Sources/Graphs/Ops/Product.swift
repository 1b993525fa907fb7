/// A matrix product with what may ride on it: `C = epilogue(op(A) · op(B))`.
/// - `A`: `[M, K]` (`[K, M]` if transposed); `B`: `[K, N]` (`[N, K]`). Result: `[M, N]`.
/// - Then, where the epilogue names them: `bias` `[N]`, `addend` `[M, N]`, `derivativeOf`'s `y` `[M, N]`.
/// - Gradient (of the plain product): `dA = dC · op(B)ᵀ`, `dB = op(A)ᵀ · dC`, transposed alike.
package struct Product: Operation {
  package let transposeA: Bool
  package let transposeB: Bool
  package let epilogue: Epilogue

  /// What is done to a sum `c` before it is stored, in this order.
  package struct Epilogue: Hashable, Sendable {
    /// `c + bias[n]`
    package var bias = false
    /// `c + addend[m, n]`
    package var addend = false
    /// `f(c)`
    package var activation = Activation.identity
    /// `c · f′`, with `f′` read off `y[m, n] = f(x)`
    package var derivativeOf = Activation.identity

    package init() {}

    package var operandCount: Int {
      (bias ? 1 : 0) + (addend ? 1 : 0) + (derivativeOf == .identity ? 0 : 1)
    }
  }

  package init(transposeA: Bool = false, transposeB: Bool = false, epilogue: Epilogue = .init()) {
    self.transposeA = transposeA
    self.transposeB = transposeB
    self.epilogue = epilogue
  }

  package var name: String {
    var text = "product(\(transposeA ? "Aᵀ" : "A"), \(transposeB ? "Bᵀ" : "B"))"
    if epilogue.bias { text += " + bias" }
    if epilogue.addend { text += " + addend" }
    if epilogue.activation != .identity { text += ", \(epilogue.activation.rawValue)" }
    if epilogue.derivativeOf != .identity { text += " · \(epilogue.derivativeOf.rawValue)′" }
    return text
  }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    let shapes = inputs.map(\.shape)
    guard inputs.count == 2 + epilogue.operandCount, shapes.allSatisfy({ $0.rank <= 2 }),
      shapes[0].rank == 2, shapes[1].rank == 2
    else { throw mismatch("matrices A, B and \(epilogue.operandCount) more", inputs) }
    let (m, kA) = transposeA ? (shapes[0][1], shapes[0][0]) : (shapes[0][0], shapes[0][1])
    let (kB, n) = transposeB ? (shapes[1][1], shapes[1][0]) : (shapes[1][0], shapes[1][1])
    guard kA == kB else {
      let wanted: Shape = transposeB ? [n, kA] : [kA, n]
      throw mismatch("B \(wanted) beside A \(shapes[0])", inputs)
    }
    let wanted = operands([Shape]([[n], [m, n], [m, n]]))
    guard Array(shapes.dropFirst(2)) == wanted else {
      throw mismatch("after A and B \(wanted.map(\.description).joined(separator: ", "))", inputs)
    }
    return [TensorType([m, n])]
  }

  /// Of `[bias, addend, y]` those that the epilogue takes.
  private func operands<T>(_ all: [T]) -> [T] {
    zip(all, [epilogue.bias, epilogue.addend, epilogue.derivativeOf != .identity])
      .filter(\.1).map(\.0)
  }

  /// Which input is the bias, the addend and the activation's result, where there are such.
  package var operandIndices: (bias: Int?, addend: Int?, result: Int?) {
    let addend = 2 + (epilogue.bias ? 1 : 0)
    let result = addend + (epilogue.addend ? 1 : 0)
    return (
      epilogue.bias ? 2 : nil, epilogue.addend ? addend : nil,
      epilogue.derivativeOf == .identity ? nil : result
    )
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    guard epilogue == Epilogue(), let dC = call.outputGradients[0] else {
      throw .notDifferentiable(op: name)
    }
    let (a, b) = (call.inputs[0], call.inputs[1])
    // dB comes first: it frees no operand that dA needs, and dC is still near.
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
