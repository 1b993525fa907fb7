import Graphs

/// The gated recurrent unit over the steps of sequences; `Graphs.GRU` has the formulas.
/// - `x`: `[N, T, C]`; `[C, 3H]`, named `weight`; `[H, 3H]`, named `recurrentWeight`; `[3H]`, named
/// `bias`; `[3H]`, named `recurrentBias`, which is added to the product with the previous state, as
/// in
///   PyTorch and in Keras; gates in the order r, z, n. Result: `[N, T, H]`, or `[N, H]` of the last
///   step.
package struct GRU: LayerBuilder {
  static let name = "gru"

  /// `H`
  package var units: Int
  package var returnsSequences: Bool
  package var initializer: Initializer
  package var recurrentInitializer: Initializer
  package var biasInitializer: Initializer

  package init(
    units: Int, returnsSequences: Bool = false, initializer: Initializer = .glorotUniform,
    recurrentInitializer: Initializer = .orthogonal, biasInitializer: Initializer = .zeros
  ) {
    self.units = units
    self.returnsSequences = returnsSequences
    self.initializer = initializer
    self.recurrentInitializer = recurrentInitializer
    self.biasInitializer = biasInitializer
  }

  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    _ = try network.sequences(x, of: "gru")
    let (inputs, recurrentWeight) = try network.gateInputs(
      x, gates: 3, units: units, initializer, recurrentInitializer, biasInitializer)
    let recurrentBias = network.parameter(
      "recurrentBias", [cappedProduct([3, units])], biasInitializer, fanIn: units, fanOut: units)
    let operands = [inputs, recurrentWeight, recurrentBias]
    let states = try network.graph.add(.gru(Graphs.GRU()), operands)[0]
    return returnsSequences ? states : try network.lastStep(states)
  }
}
