/// The same elements in the same order with another shape.
///
/// A view: its result has the memory of its operand, and backends do nothing for it.
/// - `x`: any shape. Result: `shape`, with the same number of elements.
/// - Gradient: `dx` is `dy` in the shape of `x`.
package struct Reshape: DifferentiableOperation {
  package let shape: Shape

  package init(_ shape: Shape) { self.shape = shape }
  package var name: String { "reshape(\(shape))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 1, inputs[0].shape.count == shape.count else {
      throw mismatch("a tensor of \(shape.count) elements for \(shape)", inputs)
    }
    return [TensorType(shape, inputs[0].elementType)]
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    guard let dy = call.outputGradients[0], call.wanted[0] else { return [nil] }
    return try graph.add(.reshape(Reshape(graph.shape(call.inputs[0]))), [dy])
  }

  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int { 0 }
}
