/// What may ride on a product or a convolution: what is done to a sum `c` before it is stored, in
/// the order of its fields. The last axis, of size `O`, is that of the bias.
package struct Epilogue: Hashable, Sendable {
  /// `c + bias[o]`
  package var bias = false
  /// `c + addend[…, o]`
  package var addend = false
  /// `f(c)`
  package var activation = Activation.identity
  /// `c · f′`, with `f′` read off `y[…, o] = f(x)` or off `x[…, o]`, as `derivativeFrom` says.
  package var derivativeOf = Activation.identity

  package init() {}

  package var operandCount: Int {
    (bias ? 1 : 0) + (addend ? 1 : 0) + (derivativeOf == .identity ? 0 : 1)
  }

  /// For example ` + bias, relu`.
  package var suffix: String {
    var text = ""
    if bias { text += " + bias" }
    if addend { text += " + addend" }
    if activation != .identity { text += ", \(activation.rawValue)" }
    if derivativeOf != .identity { text += " · \(derivativeOf.rawValue)′" }
    return text
  }

  /// The shapes of the operands that it takes beside a sum of this shape, in their order.
  package func operandShapes(beside sum: Shape) -> [Shape] {
    zip([[sum.columns], sum, sum], [bias, addend, derivativeOf != .identity])
      .filter(\.1).map(\.0)
  }
}

/// An op of two operands, and those that its epilogue names after them.
package protocol EpilogueOperation: Operation {
  var epilogue: Epilogue { get set }
  /// This op as one of all.
  var op: Op { get }
}

extension EpilogueOperation {
  /// Which input is the bias, the addend and what `derivativeOf` reads, where there are such.
  package var operandIndices: (bias: Int?, addend: Int?, derivative: Int?) {
    let addend = 2 + (epilogue.bias ? 1 : 0)
    let derivative = addend + (epilogue.addend ? 1 : 0)
    return (
      epilogue.bias ? 2 : nil, epilogue.addend ? addend : nil,
      epilogue.derivativeOf == .identity ? nil : derivative
    )
  }

  /// Checks the operands after the first two, and gives the type of the result.
  func epilogueTypes(_ result: Shape, _ inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    let wanted = epilogue.operandShapes(beside: result)
    guard inputs.dropFirst(2).map(\.shape) == wanted else {
      let list = wanted.map(\.description).joined(separator: ", ")
      throw mismatch("after the first two operands \(list.isEmpty ? "none" : list)", inputs)
    }
    return [TensorType(result)]
  }

  /// The gradient of the result, for the plain op: gradients are taken before anything is fused.
  func plainGradient(_ call: GradientCall) throws(GraphError) -> TensorID {
    guard epilogue == Epilogue(), let gradient = call.outputGradients[0] else {
      throw .notDifferentiable(op: name)
    }
    return gradient
  }
}

extension Op {
  /// The op as one that takes an epilogue, if it does.
  package var withEpilogue: (any EpilogueOperation)? { operation as? any EpilogueOperation }
}
