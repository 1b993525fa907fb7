/// The part of an image that is used, and its position in the resized image, by `ImageFit`.
struct ImagePlacing: Hashable, Sendable {
  /// The part of the source that is used.
  let source: ImageWindow
  /// Its position in the target; the target is 0 outside.
  let target: ImageWindow

  /// - Parameters:
  /// - height, width: those of the upright source.
  ///   - shape: the target's `[H, W, C]`.
  init(height: Int, width: Int, shape: [Int], fit: ImageFit) {
    let (down, across) = (Double(shape[0]) / Double(height), Double(shape[1]) / Double(width))
    /// A range of length `count` in the middle of `size`.
    func middle(_ count: Double, of size: Int) -> Range<Int> {
      let count = min(max(Int(count.rounded()), 1), size)
      return (size - count) / 2..<(size - count) / 2 + count
    }
    let whole = ImageWindow(rows: 0..<height, columns: 0..<width)
    let all = ImageWindow(rows: 0..<shape[0], columns: 0..<shape[1])
    switch fit {
    case .squash: (source, target) = (whole, all)
    case .crop:
      let scale = max(down, across)
      source = ImageWindow(
        rows: middle(Double(shape[0]) / scale, of: height),
        columns: middle(Double(shape[1]) / scale, of: width))
      target = all
    case .pad:
      let scale = min(down, across)
      source = whole
      target = ImageWindow(
        rows: middle(Double(height) * scale, of: shape[0]),
        columns: middle(Double(width) * scale, of: shape[1]))
    }
  }
}
