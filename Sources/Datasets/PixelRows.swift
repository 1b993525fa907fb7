/// Converts rows of RGBA to RGB on a white background.
struct PixelRows {
  private var colors: [UInt8]

  init(width: Int) {
    colors = [UInt8](repeating: 0, count: 3 * width)
  }

  /// - Parameters:
  /// - row: RGBA, pixel by pixel.
  /// - isPremultiplied: whether the colours are premultiplied by the opacity.
  mutating func withColors(
    of row: UnsafePointer<UInt8>, isPremultiplied: Bool = false,
    _ body: (_ colors: UnsafeBufferPointer<UInt8>, _ isTransparent: Bool) -> Void
  ) {
    var isTransparent = false
    for pixel in 0..<colors.count / 3 {
      let alpha = Int(row[4 * pixel + 3])
      for channel in 0..<3 {
        let value = Int(row[4 * pixel + channel])
        colors[3 * pixel + channel] =
          alpha == 255
          ? UInt8(value)
          : UInt8(
            min((isPremultiplied ? value : (value * alpha + 127) / 255) + 255 - alpha, 255))
      }
      isTransparent = isTransparent || alpha != 255
    }
    colors.withUnsafeBufferPointer { body($0, isTransparent) }
  }
}
