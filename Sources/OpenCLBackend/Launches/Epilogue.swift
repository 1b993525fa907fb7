import Graphs

extension LaunchList {
  func defines(_ epilogue: Epilogue) -> [String] {
    [
      "BIAS=\(epilogue.bias ? 1 : 0)", "ADDEND=\(epilogue.addend ? 1 : 0)",
      "ACTIVATION=\(epilogue.activation.number)", "DERIVATIVE=\(epilogue.derivativeOf.number)",
    ]
  }

  /// Bias, addend and what the derivative reads; where there is none, the op's own result, which is
  /// not read.
  func epilogueOperands(_ op: some EpilogueOperation, _ node: Node) -> [Argument] {
    let indices = op.operandIndices
    return [indices.bias, indices.addend, indices.derivative].map { index in
      tensor(index.map { node.inputs[$0] } ?? node.outputs[0])
    }
  }
}
