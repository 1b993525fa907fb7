/// What becomes of an image whose proportions are not those that are wanted.
package enum ImageFit: String, Hashable, Sendable, CaseIterable {
  /// Height and width are scaled each by itself.
  case squash
  /// The largest part of the wanted proportions, from the middle, is kept and scaled.
  case crop
  /// The whole image is scaled until it fits, in the middle of zeros.
  case pad
}
