/// Operations that can be fused into a product or a convolution: they are applied to a sum `c`
/// before it is stored, in the order of the fields. The last axis, of size `O`, is that of the
/// bias.
package struct Epilogue: Hashable, Sendable {
  /// `c + bias[o]`
  package var bias = false
  /// `c + addend[…, o]`
  package var addend = false
  /// `f(c)`
  package var activation = Activation.identity
  /// `c · f′`, with `f′` computed from `y[…, o] = f(x)` or from `x[…, o]`, see `derivativeFrom`.
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

  /// The shapes of the additional operands for a sum of this shape, in order.
  package func operandShapes(beside sum: Shape) -> [Shape] {
    zip([[sum.columns], sum, sum], [bias, addend, derivativeOf != .identity])
      .filter(\.1).map(\.0)
  }
}

/// An op of two operands, followed by those of its epilogue.
package protocol EpilogueOperation: Operation {
  var epilogue: Epilogue { get set }
  /// This op as a case of `Op`.
  var op: Op { get }
}

extension EpilogueOperation {
  /// The indices of the bias, the addend and the operand of `derivativeOf`, if they exist.
  package var operandIndices: (bias: Int?, addend: Int?, derivative: Int?) {
    let addend = 2 + (epilogue.bias ? 1 : 0)
    let derivative = addend + (epilogue.addend ? 1 : 0)
    return (
      epilogue.bias ? 2 : nil, epilogue.addend ? addend : nil,
      epilogue.derivativeOf == .identity ? nil : derivative
    )
  }

  /// Checks the operands after the first two, and returns the type of the result.
  func epilogueTypes(_ result: Shape, _ inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    let wanted = epilogue.operandShapes(beside: result)
    guard inputs.dropFirst(2).map(\.shape) == wanted else {
      let list = wanted.map(\.description).joined(separator: ", ")
      throw mismatch("after the first two operands \(list.isEmpty ? "none" : list)", inputs)
    }
    return [TensorType(result)]
  }

  /// The gradient of the result, for the plain op: gradients are added before fusion.
  func plainGradient(_ call: GradientCall) throws(GraphError) -> TensorID {
    guard epilogue == Epilogue(), let gradient = call.outputGradients[0] else {
      throw .notDifferentiable(op: name)
    }
    return gradient
  }
}

extension Op {
  /// The op as one that takes an epilogue, if it is one.
  package var withEpilogue: (any EpilogueOperation)? { operation as? any EpilogueOperation }
}
