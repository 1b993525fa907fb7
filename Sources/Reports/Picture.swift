/// 8-bit pixels, gray or RGB, row-major: `[height, width, channels]`.
package struct Picture: Hashable, Sendable {
  package let width: Int
  package let height: Int
  /// 1 for gray, 3 for RGB.
  package let channels: Int
  package private(set) var pixels: [UInt8]

  package init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
    precondition(width > 0 && height > 0, "a picture must not be empty")
    precondition(channels == 1 || channels == 3, "a picture must be gray or RGB")
    precondition(pixels.count == width * height * channels, "the pixels must fill the picture")
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// A picture of one shade.
  package init(width: Int, height: Int, channels: Int, shade: UInt8) {
    self.init(
      width: width, height: height, channels: channels,
      pixels: [UInt8](repeating: shade, count: width * height * channels))
  }

  /// Sets one channel of the pixels in a square whose upper left corner is at `x`, `y`.
  mutating func fill(x: Int, y: Int, side: Int, channel: Int, with value: UInt8) {
    for row in y..<y + side {
      for column in x..<x + side {
        pixels[(row * width + column) * channels + channel] = value
      }
    }
  }
}
