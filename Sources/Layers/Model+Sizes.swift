import Graphs

/// Images of other sizes than those that a model was trained on.
extension Model {
  /// Whether no weight is bound to a size of image: every layer slides over it, and nothing was
  /// measured pixel by pixel.
  package var slidesOverImages: Bool {
    input.rank == 3 && latent.slidesOverImages && normalization == .none
      && (encoder + decoder).allSatisfy(\.slidesOverImages)
  }

  /// The same model, with the same parameters, for images of at least this size: the least size that
  /// comes out of the decoder as it went into the encoder, which pooling and upsampling need not let
  /// every size do. Images are to be filled up to it.
  /// - Returns: `nil` if a layer is bound to the size that it was trained on, or where no size up
  ///   to 256 pixels above is reconstructed in itself.
  package func sized(height: Int, width: Int) -> Model? {
    guard slidesOverImages else { return nil }
    func least(_ size: Int, _ shape: (Int) -> Shape, side: Int) -> Int? {
      (size...size + 256).first { candidate in
        var model = self
        model.input = shape(candidate)
        return (try? model.summary().last?.output)?.dimensions[side] == candidate
      }
    }
    // Sides are independent of each other.
    guard
      let height = least(height, { [$0, input[1], input[2]] }, side: 0),
      let width = least(width, { [input[0], $0, input[2]] }, side: 1)
    else { return nil }
    var model = self
    model.input = [height, width, input[2]]
    return model
  }
}

extension Latent {
  fileprivate var slidesOverImages: Bool {
    switch self {
    case .deterministic, .codebook: true
    case .variational: false
    }
  }
}
