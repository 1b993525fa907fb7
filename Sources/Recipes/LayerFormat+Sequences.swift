import Graphs
import Layers

extension LayerFormat {
  /// Layers of sequences `[steps, channels]` that slide over the steps, or change their number.
  static let sequences = [
    LayerFormat("conv1D", "convolution of [steps, channels] over the steps.", convolution) {
      field, defaults throws(RecipeError) in .conv1D(try field.convolution(defaults))
    },
    LayerFormat(
      "convTranspose1D", "transposed convolution over the steps; stride 2 doubles their number.",
      convolution
    ) { field, defaults throws(RecipeError) in
      .convTranspose1D(try field.convolution(defaults))
    },
    LayerFormat("maxPool1D", "max pooling over the steps.", pool) {
      field, _ throws(RecipeError) in .maxPool1D(MaxPool1D(window: try field.pool()))
    },
    LayerFormat("averagePool1D", "average pooling over the steps.", pool) {
      field, _ throws(RecipeError) in .averagePool1D(AveragePool1D(window: try field.pool()))
    },
    LayerFormat(
      "upsample1D", "repeats each step.",
      [.required("factor", Field.whole, "number of repetitions")]
    ) { field, _ throws(RecipeError) in
      .upsample1D(Upsample1D(factor: try field.required("factor").integer(from: 1)))
    },
    LayerFormat(
      "repeat", "repeats the code at each step: [channels] to [steps, channels].",
      [.required("count", Field.wholeOrInput, "number of steps")]
    ) { field, defaults throws(RecipeError) in
      let count = try field.required("count")
      return .repeat(Repeat(count: try count.integer(orInput: defaults.input[0])))
    },
  ]

  /// Layers with a state.
  static let recurrent = [
    LayerFormat(
      "lstm", "long short-term memory over [steps, channels].",
      state + [
        .optional("forgetBias", "number", "1", "added to the initial biases of the forget gate")
      ]
    ) { field, defaults throws(RecipeError) in
      let settings = try field.recurrent(defaults)
      return .lstm(
        Layers.LSTM(
          units: settings.units, returnsSequences: settings.returnsSequences,
          initializer: settings.initializer, recurrentInitializer: settings.recurrentInitializer,
          biasInitializer: settings.biasInitializer,
          forgetBias: try field.optional("forgetBias")?.number(-1e6...1e6, "a number") ?? 1))
    },
    LayerFormat("gru", "gated recurrent unit over [steps, channels].", state) {
      field, defaults throws(RecipeError) in
      let settings = try field.recurrent(defaults)
      return .gru(
        Layers.GRU(
          units: settings.units, returnsSequences: settings.returnsSequences,
          initializer: settings.initializer, recurrentInitializer: settings.recurrentInitializer,
          biasInitializer: settings.biasInitializer))
    },
  ]

  private static let window = [Field.required("size", Field.whole, "steps in a window")]
  private static let padding = Field.optional(
    "padding", "same, valid", "same", "zeros before and after the sequence, or none")
  private static let convolution =
    [Field.required("filters", Field.wholeOrInput, "output channels")] + window
    + [
      .optional("stride", Field.whole, "1", "steps from one window to the next"), padding,
      Field.activation,
    ] + Field.initializers
  private static let pool =
    window + [
      .absent("stride", Field.whole, "steps from one window to the next", "its size"), padding,
    ]
  private static let state =
    [
      Field.required("units", Field.whole, "size of the state"),
      .optional(
        "returnSequences", "true or false", "false", "output all states, or only the last one"),
      .optional(
        "recurrentInitializer", Field.initializer, "orthogonal",
        "initial weights of the previous state"),
    ] + Field.initializers
}

extension FieldReader {
  fileprivate typealias RecurrentSettings = (
    units: Int, returnsSequences: Bool, initializer: Initializer,
    recurrentInitializer: Initializer, biasInitializer: Initializer
  )

  /// Settings that recurrent layers share.
  fileprivate func recurrent(_ defaults: LayerDefaults) throws(RecipeError) -> RecurrentSettings {
    let settings = try weighted(defaults)
    return (
      try required("units").integer(from: 1),
      try optional("returnSequences")?.bool() ?? false, settings.initializer,
      try initializer("recurrentInitializer") ?? .orthogonal, settings.biasInitializer
    )
  }
}
