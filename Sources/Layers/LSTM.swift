import Graphs

/// Long short-term memory over the steps of sequences; `Graphs.LSTM` has the formulas.
/// - `x`: `[N, T, C]`; `[C, 4H]`, named `weight`; `[H, 4H]`, named `recurrentWeight`; `[4H]`, named
///   `bias`; gates in the order i, f, g, o. Result: `[N, T, H]`, or `[N, H]` of the last step.
package struct LSTM: LayerBuilder {
  static let name = "lstm"

  /// `H`
  package var units: Int
  package var returnsSequences: Bool
  package var initializer: Initializer
  package var biasInitializer: Initializer

  package init(
    units: Int, returnsSequences: Bool = false, initializer: Initializer = .glorotUniform,
    biasInitializer: Initializer = .zeros
  ) {
    self.units = units
    self.returnsSequences = returnsSequences
    self.initializer = initializer
    self.biasInitializer = biasInitializer
  }

  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    _ = try network.sequences(x, of: "lstm")
    let (inputs, recurrentWeight) = try network.gateInputs(
      x, gates: 4, units: units, initializer, biasInitializer)
    let states = try network.graph.add(.lstm(Graphs.LSTM()), [inputs, recurrentWeight])[0]
    return returnsSequences ? states : try network.lastStep(states)
  }
}
