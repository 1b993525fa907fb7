import Graphs

extension LaunchList {
  func defines(_ epilogue: Epilogue) -> [String] {
    [
      "BIAS=\(epilogue.bias ? 1 : 0)", "ADDEND=\(epilogue.addend ? 1 : 0)",
      "ACTIVATION=\(epilogue.activation.number)", "DERIVATIVE=\(epilogue.derivativeOf.number)",
    ]
  }

  /// Bias, addend and the operand of the derivative, if they exist.
  func epilogueOperands(_ op: some EpilogueOperation, _ node: Node) -> [Argument] {
    let indices = op.operandIndices
    return [indices.bias, indices.addend, indices.derivative].compactMap(\.self).map {
      tensor(node.inputs[$0])
    }
  }
}
