import Datasets
import Training

extension Autoencoder {
  /// Examples encoded and decoded again: `[N] + exampleShape` on the scale of the data.
  ///
  /// - Throws: where they are of another shape, or the device fails.
  public func reconstruct(_ data: Dataset) throws(AutoencoderError) -> Values {
    try telling {
      let model = try model(shown: shown(data).examples)
      var made: [Float] = []
      try model.reconstruct(outputs: ["reconstruction"]) { made += $1["reconstruction"]! }
      return looked(made)
    }
  }

  /// Examples cleaned: given to the model as they are, and what it makes of them. A network of
  /// convolutions takes images of any size; where its pooling wants a multiple, edges are repeated and cut
  /// off again.
  ///
  /// - Parameter data: examples of `exampleShape`, or images `[height, width, channels]`.
  /// - Returns: `[N] + data.shape`, on the scale of the data.
  /// - Throws: where the model takes no examples of that shape, or the device fails.
  public func denoise(_ data: Dataset) throws(AutoencoderError) -> Values {
    try telling {
      let denoiser = Denoiser(self)
      let examples = data.content.training
      guard denoiser.takes(examples) else {
        throw AutoencoderError(
          "\(data.name): expected examples of \(exampleShape), received \(data.shape); resize them "
            + "first")
      }
      return Values(whole: try denoiser.clean(examples, name: data.name), shape: data.shape)
    }
  }
}
