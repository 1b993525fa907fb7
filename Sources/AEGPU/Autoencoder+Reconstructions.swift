import Datasets
import Training

extension Autoencoder {
  /// Encodes and decodes examples: `[N] + exampleShape` on the scale of the data.
  ///
  /// - Throws: if they have another shape, or the device fails.
  public func reconstruct(_ data: Dataset) throws(AutoencoderError) -> Values {
    try telling {
      let model = try model(shown: shown(data).examples)
      var made: [Float] = []
      try model.reconstruct(outputs: ["reconstruction"]) { made += $1["reconstruction"]! }
      return looked(made)
    }
  }

  /// Denoises examples: reconstructs them without adding noise. A convolutional network takes
  /// images of any size; if its pooling needs a multiple of some size, images are padded by
  /// repeating their edges, and the padding is cut off again.
  ///
  /// - Parameter data: examples of `exampleShape`, or images `[height, width, channels]`.
  /// - Returns: `[N] + data.shape`, on the scale of the data.
  /// - Throws: if the model does not take examples of this shape, or the device fails.
  public func denoise(_ data: Dataset) throws(AutoencoderError) -> Values {
    try telling {
      let denoiser = Denoiser(self)
      let examples = try data.content.training.loaded()
      guard denoiser.takes(examples) else {
        throw AutoencoderError(
          "\(data.name): expected examples of shape \(exampleShape), received \(data.shape); resize them "
            + "first")
      }
      return Values(whole: try denoiser.clean(examples, name: data.name), shape: data.shape)
    }
  }
}
