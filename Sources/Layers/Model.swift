import Graphs

/// An autoencoder: what is encoded, through which layers, to which code, and how it is judged.
package struct Model: Hashable, Sendable {
  /// The shape of one example as the encoder takes it.
  package var input: Shape
  /// How many classes examples are of, where layers read the class: it is an input beside the example.
  package var classes: Int?
  /// What is done to the features of an example as it is gathered; its values are the caller's to
  /// write.
  package var normalization: Normalization
  /// Whether values of the examples may be missing, as NaN: then they are encoded as 0, which a
  /// standard scaling makes the mean, and the reconstruction is judged where there is a value.
  package var masked: Bool
  /// What a denoising model encodes instead of the example.
  package var corruption: Corruption?
  package var encoder: [Layer]
  package var latent: Latent
  package var decoder: [Layer]
  package var loss: Loss
  /// Parts that keep the weights that they begin with.
  package var frozen: [NetworkPart] = []
  /// What codes are drawn from; `nil` for `N(0, I)`.
  package var prior: PriorShape?
  /// What there is beside encoder and decoder.
  package var parts: [Part] = []
  /// The updates of a training step; none where its loss moves all there is, in one.
  package var phases: [Phase] = []

  package init(
    input: Shape, normalization: Normalization = .none, masked: Bool = false,
    corruption: Corruption? = nil, encoder: [Layer], latent: Latent, decoder: [Layer], loss: Loss
  ) {
    self.input = input
    self.normalization = normalization
    self.masked = masked
    self.corruption = corruption
    self.encoder = encoder
    self.latent = latent
    self.decoder = decoder
    self.loss = loss
  }
}

/// What stands between encoder and decoder.
package enum Latent: Hashable, Sendable {
  /// The encoder's output is the code.
  case deterministic
  /// The encoder's output gives mean and log-variance of a normal code of `units` numbers; training
  /// draws `samples` of them for each example.
  case variational(
    units: Int, samples: Int = 1, initializer: Initializer = .glorotUniform,
    biasInitializer: Initializer = .zeros)
}

extension Model {
  /// How many codes the loss draws for each example. Of several it is the negative
  /// importance-weighted bound `−log (1/K Σ p(x|z) p(z) / q(z|x))` (Burda et al. 2015), else the
  /// evidence lower bound.
  package var drawCount: Int {
    if case .variational(_, let samples, _, _) = latent { samples } else { 1 }
  }
}
