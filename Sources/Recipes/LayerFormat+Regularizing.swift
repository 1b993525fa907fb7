import Graphs
import Layers

extension LayerFormat {
  /// Layers that behave differently in training and in evaluation.
  static let regularizing = [
    LayerFormat(
      "dropout", "sets a random fraction of the values to 0 in training.", [rate]
    ) { field, _ throws(RecipeError) in
      .dropout(Layers.Dropout(rate: try field.required("rate").share()))
    },
    LayerFormat(
      "batchNorm", "batch normalization.",
      [
        .optional(
          "momentum", "number from 0 to below 1", "\(BatchNorm().momentum)",
          "weight of the old running average"),
        .optional("epsilon", "number above 0", "\(BatchNorm().epsilon)", "added to the variance"),
      ]
    ) { field, _ throws(RecipeError) in
      var layer = Layers.BatchNorm()
      if let momentum = try field.optional("momentum") { layer.momentum = try momentum.share() }
      if let epsilon = try field.optional("epsilon") { layer.epsilon = try epsilon.positive() }
      return .batchNorm(layer)
    },
    LayerFormat(
      "gaussianNoise", "Gaussian noise in training.", [.required("deviation", "ramp", "")]
    ) { field, _ throws(RecipeError) in
      .gaussianNoise(GaussianNoise(deviation: try field.required("deviation").ramp()))
    },
    LayerFormat(
      "maskingNoise", "sets a random fraction of the values to 0 in training.", [rate]
    ) { field, _ throws(RecipeError) in
      .maskingNoise(MaskingNoise(rate: try field.required("rate").share()))
    },
  ]

  private static let rate = Field.required(
    "rate", "number from 0 to below 1", "fraction of the values")
}
