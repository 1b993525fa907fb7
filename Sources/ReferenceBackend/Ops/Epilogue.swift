import Graphs
import Plans

extension ReferenceExecutable {
  /// Applies the op's epilogue to the sums `c`.
  func finish(_ c: [Double], _ op: some EpilogueOperation, _ node: Node) -> [Double] {
    let operands = op.operandIndices
    let bias = operands.bias.map { value(node.inputs[$0]) }
    let addend = operands.addend.map { value(node.inputs[$0]) }
    let derivative = operands.derivative.map { value(node.inputs[$0]) }
    return c.indices.map { index in
      var sum = c[index]
      if let bias { sum += bias[index % bias.count] }
      if let addend { sum += addend[index] }
      sum = op.epilogue.activation.value(sum)
      if let derivative { sum *= op.epilogue.derivativeOf.derivative(derivative[index]) }
      return sum
    }
  }
}
