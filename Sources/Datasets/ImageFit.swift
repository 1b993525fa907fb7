/// How to resize an image with another aspect ratio than the requested one.
package enum ImageFit: String, Hashable, Sendable, CaseIterable {
  /// Height and width are scaled independently.
  case squash
  /// The largest part with the requested aspect ratio, from the middle, is kept and scaled.
  case crop
  /// The whole image is scaled to fit, and centred on zeros.
  case pad
}
