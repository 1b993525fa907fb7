extension ImageGrid {
  /// The images shrunk so that no side is longer than `side` pixels: each pixel is the mean of a
  /// square of the original; incomplete squares at the right and bottom are left out.
  /// - `images`: `[N, H, W, C]`.
  package func shrunk(_ images: [Float], to side: Int) -> (grid: ImageGrid, images: [Float]) {
    let factor = (max(height, width) + side - 1) / side
    guard factor > 1 else { return (self, images) }
    let shape = [max(height / factor, 1), max(width / factor, 1), channels]
    let (down, across) = (min(factor, height), min(factor, width))
    var grid = ImageGrid(shape: shape)
    (grid.range, grid.palette, grid.background) = (range, palette, background)
    var result: [Float] = []
    for start in stride(from: 0, to: images.count, by: height * width * channels) {
      for y in 0..<shape[0] {
        for x in 0..<shape[1] {
          for channel in 0..<channels {
            var sum: Float = 0
            for row in y * down..<(y + 1) * down {
              for column in x * across..<(x + 1) * across {
                sum += images[start + (row * width + column) * channels + channel]
              }
            }
            result.append(sum / Float(down * across))
          }
        }
      }
    }
    return (grid, result)
  }
}
