import Graphs

/// Images of other sizes than in training.
extension Model {
  /// Whether no weight depends on the image size: all layers slide over the image, and the
  /// normalization is not per pixel.
  package var slidesOverImages: Bool {
    input.rank == 3 && latent.slidesOverImages && normalization == .none
      && (encoder + decoder).allSatisfy(\.slidesOverImages)
  }

  /// The same model, with the same parameters, for images of at least this size. The result has the
  /// smallest size that the decoder reproduces, because pooling and upsampling need certain
  /// multiples. Images must be padded to it.
  /// - Returns: `nil` if a layer depends on the training size, or if no size up to 256 pixels
  ///   larger is reproduced.
  package func sized(height: Int, width: Int) -> Model? {
    guard slidesOverImages else { return nil }
    func least(_ size: Int, _ shape: (Int) -> Shape, side: Int) -> Int? {
      (size...size + 256).first { candidate in
        var model = self
        model.input = shape(candidate)
        return (try? model.summary().last?.output)?.dimensions[side] == candidate
      }
    }
    // Height and width are independent.
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
