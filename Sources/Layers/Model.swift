import Graphs

/// An autoencoder: input, encoder, code, decoder and loss.
package struct Model: Hashable, Sendable {
  /// The shape of one example.
  package var input: Shape
  /// The number of classes, if layers read the class of an example.
  package var classes: Int?
  /// The normalization of an example's features when it is gathered; the caller writes its values.
  package var normalization: Normalization
  /// Whether values of the examples may be missing (NaN). Missing values are encoded as 0, which is
  /// the mean if the scaling is standard, and left out of the reconstruction error.
  package var masked: Bool
  /// The corruption of the input of a denoising model.
  package var corruption: Corruption?
  package var encoder: [Layer]
  package var latent: Latent
  package var decoder: [Layer]
  package var loss: Loss
  /// Parts that are not trained.
  package var frozen: [NetworkPart] = []
  /// The prior of the codes; `nil` for `N(0, I)`.
  package var prior: PriorShape?
  /// Parts other than encoder and decoder.
  package var parts: [Part] = []
  /// The updates of a training step; empty for a single update of all parameters by the loss.
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

extension Model {
  package var codebook: Codebook? {
    if case .codebook(let codebook) = latent { codebook } else { nil }
  }
}

/// The kind of code between encoder and decoder.
package enum Latent: Hashable, Sendable {
  /// The encoder's output is the code.
  case deterministic
  /// The encoder's output gives mean and log-variance of a normally distributed code of `units`
  /// numbers; training draws `samples` codes per example.
  case variational(
    units: Int, samples: Int = 1, initializer: Initializer = .glorotUniform,
    biasInitializer: Initializer = .zeros)
  /// Each vector of the encoder's output is replaced by the nearest codebook vector.
  case codebook(Codebook)
}

extension Model {
  /// Whether the loss contains the divergence of the code from its prior.
  package var hasDivergence: Bool {
    if case .variational = latent { drawCount == 1 } else { false }
  }

  /// The number of codes that the loss draws per example. If it is more than 1, the loss is the
  /// negative importance-weighted bound `−log (1/K Σ p(x|z) p(z) / q(z|x))` (Burda et al. 2015),
  /// else the negative evidence lower bound.
  package var drawCount: Int {
    if case .variational(_, let samples, _, _) = latent { samples } else { 1 }
  }
}
