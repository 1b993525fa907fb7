import CLoops
import COneDNN
import Graphs

extension EpilogueOperation {
  /// The epilogue with the addresses of its operands.
  func bound(to node: Node, _ operands: Operands) -> loops_epilogue {
    let indices = operandIndices
    func pointer(_ index: Int?) -> UnsafePointer<Float>? {
      index.map { UnsafePointer(operands.floats(node.inputs[$0])) }
    }
    return loops_epilogue(
      bias: pointer(indices.bias), addend: pointer(indices.addend),
      activation: epilogue.activation.loops, derivative: epilogue.derivativeOf.loops,
      read: pointer(indices.derivative))
  }
}

extension loops_epilogue {
  var doesAnything: Bool {
    bias != nil || addend != nil || activation != LOOPS_IDENTITY || derivative != LOOPS_IDENTITY
  }
}

extension Activation {
  var loops: loops_activation { loops_activation(UInt32(number)) }
}

/// Throws if a call into oneDNN failed.
func check(_ call: String, _ status: Int32) throws(CPUError) {
  guard status == 0 else {
    throw .library(call: call, status: String(cString: onednn_status_name(status)))
  }
}
