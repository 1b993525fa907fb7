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
  package var recurrentInitializer: Initializer
  package var biasInitializer: Initializer
  /// Added to the initial biases of the forget gate: 1 lets a state last from the start of training
  /// (Jozefowicz et al. 2015).
  package var forgetBias: Double

  package init(
    units: Int, returnsSequences: Bool = false, initializer: Initializer = .glorotUniform,
    recurrentInitializer: Initializer = .orthogonal, biasInitializer: Initializer = .zeros,
    forgetBias: Double = 1
  ) {
    self.units = units
    self.returnsSequences = returnsSequences
    self.initializer = initializer
    self.recurrentInitializer = recurrentInitializer
    self.biasInitializer = biasInitializer
    self.forgetBias = forgetBias
  }

  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    _ = try network.sequences(x, of: "lstm")
    let (inputs, recurrentWeight) = try network.gateInputs(
      x, gates: 4, units: units, initializer, recurrentInitializer, biases)
    let states = try network.graph.add(.lstm(Graphs.LSTM()), [inputs, recurrentWeight])[0]
    return returnsSequences ? states : try network.lastStep(states)
  }

  /// The gates' initial biases, `[4H]`: those of f are the second quarter.
  private var biases: Initializer {
    guard forgetBias != 0 else { return biasInitializer }
    return .raised(biasInitializer, by: forgetBias, in: units..<cappedProduct([2, units]))
  }
}
