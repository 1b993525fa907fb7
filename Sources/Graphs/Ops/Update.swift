/// Moves every parameter by its gradient, as the optimizer says, with the row of
/// the training feed's schedule that the step just recorded had; does nothing once a non-finite step was noted.
/// - The gradients, in the order of the graph's parameters. No result: it changes the parameters.
package struct Update: Operation {
  package let optimizer: Optimizer

  package init(_ optimizer: Optimizer) { self.optimizer = optimizer }
  package var name: String { "update(\(optimizer.name))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] { [] }

  /// Adam: 12 operations a parameter; SGD: 2, with momentum 4.
  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    let count = inputs.map(\.count).reduce(0, +)
    switch optimizer {
    case .adam: return 12 * count
    case .sgd(let momentum, _): return (momentum == 0 ? 2 : 4) * count
    }
  }
}
