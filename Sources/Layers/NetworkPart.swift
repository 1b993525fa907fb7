/// A part of an autoencoder, by the names of its parameters.
package enum NetworkPart: String, Hashable, Sendable, CaseIterable, Codable {
  /// With what makes a code of its output: `encoder.…`; `mean.…`, `logVariance.…`; `codebook.…`.
  case encoder
  /// `decoder.…`; a tied decoder has biases alone.
  case decoder

  /// Whether a parameter or a piece of layer state is this part's.
  package func has(_ name: String) -> Bool {
    let own =
      switch self {
      case .encoder: ["encoder.", "mean.", "logVariance.", "codebook."]
      case .decoder: ["decoder."]
      }
    return own.contains { name.hasPrefix($0) }
  }
}
