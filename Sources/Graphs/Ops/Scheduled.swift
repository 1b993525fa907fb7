/// The value of a ramp in the current step, from the training feed's table of steps.
/// - No operands. Result: `[]`. It has no gradient.
package struct Scheduled: Operation {
  package let ramp: Ramp

  package init(_ ramp: Ramp) { self.ramp = ramp }

  package var name: String { "scheduled(\(ramp))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.isEmpty else { throw mismatch("no operands", inputs) }
    return [TensorType([])]
  }

  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int { 0 }
}
