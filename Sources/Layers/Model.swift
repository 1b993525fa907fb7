import Graphs

/// An autoencoder: what is encoded, through which layers, to which code, and how it is judged.
package struct Model: Hashable, Sendable {
  /// The shape of one example as the encoder takes it.
  package var input: Shape
  package var encoder: [Layer]
  package var latent: Latent
  package var decoder: [Layer]
  package var loss: Loss

  package init(input: Shape, encoder: [Layer], latent: Latent, decoder: [Layer], loss: Loss) {
    self.input = input
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
  /// The encoder's output gives mean and log-variance of a normal code of `units` numbers.
  case variational(units: Int)
}

/// What training minimises: `reconstruction + klWeight · kl`.
package struct Loss: Hashable, Sendable {
  package var reconstruction: ReconstructionError
  package var reduction: Reduction
  /// Of a variational model; 1 for the evidence lower bound.
  package var klWeight: Double

  package init(reconstruction: ReconstructionError, reduction: Reduction, klWeight: Double = 1) {
    self.reconstruction = reconstruction
    self.reduction = reduction
    self.klWeight = klWeight
  }
}

/// A named term of the loss and its weight in it.
package struct LossPart: Hashable, Sendable {
  package let name: String
  package let weight: Double
}
