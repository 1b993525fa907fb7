/// A part of an autoencoder, identified by the names of its parameters.
package enum NetworkPart: String, Hashable, Sendable, CaseIterable, Codable {
  /// The encoder, with the layers that make the code: `encoder.…`; `mean.…`, `logVariance.…`;
  /// `codebook.…`.
  case encoder
  /// `decoder.…`; a tied decoder has only biases.
  case decoder

  /// Whether a parameter or layer state belongs to this part.
  package func has(_ name: String) -> Bool {
    let own =
      switch self {
      case .encoder: ["encoder.", "mean.", "logVariance.", "codebook."]
      case .decoder: ["decoder."]
      }
    return own.contains { name.hasPrefix($0) }
  }
}
