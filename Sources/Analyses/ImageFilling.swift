/// Pads images to a larger size, and crops the results.
package struct ImageFilling: Hashable, Sendable {
  /// `[H, W, C]` of an image, and of the padded one.
  package let shape: [Int]
  package let filled: [Int]

  package init(_ shape: [Int], to filled: [Int]) {
    precondition(shape.count == 3 && filled.count == 3 && shape[2] == filled[2], "[H, W, C] both")
    precondition(
      filled[0] >= shape[0] && filled[1] >= shape[1], "the padded size must not be smaller")
    self.shape = shape
    self.filled = filled
  }

  /// Images padded at the bottom and right by repeating the last row and column.
  /// - `pixels`: `[N] + shape`. Result: `[N] + filled`.
  package func fill<Element>(_ pixels: [Element]) -> [Element] {
    move(pixels, from: shape, to: filled)
  }

  /// The images within padded ones.
  /// - `pixels`: `[N] + filled`. Result: `[N] + shape`.
  package func cut<Element>(_ pixels: [Element]) -> [Element] {
    move(pixels, from: filled, to: shape)
  }

  private func move<Element>(_ pixels: [Element], from: [Int], to: [Int]) -> [Element] {
    let (size, channels) = (from.reduce(1, *), from[2])
    precondition(pixels.count % size == 0, "the pixels must be whole images")
    var result: [Element] = []
    result.reserveCapacity(pixels.count / size * to.reduce(1, *))
    for start in stride(from: 0, to: pixels.count, by: size) {
      for row in 0..<to[0] {
        for column in 0..<to[1] {
          let pixel = min(row, from[0] - 1) * from[1] + min(column, from[1] - 1)
          result += pixels[start + pixel * channels..<start + (pixel + 1) * channels]
        }
      }
    }
    return result
  }
}
