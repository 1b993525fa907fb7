import Graphs
import Layers

extension LayerFormat {
  /// Layers of images `[height, width, channels]`.
  static let images = [
    LayerFormat("conv2D", "convolution of [height, width, channels].", convolution) {
      field, defaults throws(RecipeError) in .conv2D(try field.convolution(defaults))
    },
    LayerFormat(
      "convTranspose2D", "transposed convolution; stride 2 doubles height and width.", convolution
    ) { field, defaults throws(RecipeError) in
      .convTranspose2D(try field.convolution(defaults))
    },
    LayerFormat("maxPool2D", "max pooling.", pool) { field, _ throws(RecipeError) in
      .maxPool2D(MaxPool2D(window: try field.pool()))
    },
    LayerFormat("averagePool2D", "average pooling.", pool) { field, _ throws(RecipeError) in
      .averagePool2D(AveragePool2D(window: try field.pool()))
    },
    LayerFormat(
      "upsample2D", "upsampling of height and width.",
      [
        .required("factor", Field.whole, "factor for height and width"),
        .optional("interpolation", RecipeFormat.names(Interpolation.self), "nearest", ""),
      ]
    ) { field, _ throws(RecipeError) in
      .upsample2D(
        Layers.Upsample2D(
          factor: try field.required("factor").integer(from: 1),
          interpolation: try field.optional("interpolation")?.choice(Interpolation.self)
            ?? .nearest))
    },
  ]

  private static let window = [
    Field.required("size", Field.whole, "width of the square window")
  ]
  private static let padding = Field.optional(
    "padding", "same, valid", "same", "zeros around the image, or none")
  private static let convolution =
    [Field.required("filters", Field.wholeOrInput, "output channels")] + window
    + [
      .optional("stride", Field.whole, "1", "step of the window, in pixels"), padding,
      Field.activation,
    ] + Field.initializers
  private static let pool =
    window + [.absent("stride", Field.whole, "step of the window, in pixels", "its size"), padding]
}
