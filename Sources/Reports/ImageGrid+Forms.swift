/// The arrangements of images in the tutorials.
extension ImageGrid {
  /// One row per list, with the images of an example below each other: originals above
  /// reconstructions, or noisy, cleaned and original images.
  /// - Parameter captions: one per list, above its row.
  package func rows(_ lists: [[Float]], captions: [String] = []) -> Picture {
    precondition(captions.isEmpty || captions.count == lists.count, "one caption per row is needed")
    let imageCount = height * width * channels
    var grid = self
    grid.columns = lists[0].count / imageCount
    return grid.picture([lists.flatMap { $0 }], captions: captions)
  }

  /// A single image in its own size.
  package func image(_ values: [Float]) -> Picture {
    var grid = self
    (grid.scale, grid.margin, grid.columns) = (1, 0, 1)
    return grid.samples(values)
  }

  /// Pairs of original and reconstruction, `columns` pairs per row, dark on light.
  package func darkPairs(
    originals: [Float], reconstructions: [Float], caption: String? = nil
  ) -> Picture {
    var grid = self
    (grid.palette, grid.background) = (.inverted, 255)
    return grid.pairs(
      originals: originals, reconstructions: reconstructions, caption: caption)
  }

  /// The filters of a first layer: the weights of each unit as an image, scaled by the largest
  /// absolute weight, so that 0 is mid-gray.
  ///
  /// - `weights`: `[H · W · C, units]` for a dense layer, `[K, K, C, units]` for a convolution,
  ///   with this grid's shape `[H, W, C]` or `[K, K, C]`.
  /// - `count`: the number of units to draw, from the first.
  package func filters(_ weights: [Float], count: Int = .max) -> Picture {
    let imageCount = height * width * channels
    let units = weights.count / imageCount
    precondition(
      units > 0 && weights.count == units * imageCount, "weights must be [H · W · C, units]")
    var images: [Float] = []
    for unit in 0..<min(units, count) {
      let filter = (0..<imageCount).map { weights[$0 * units + unit] }
      let largest = filter.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
      images += filter.map { largest > 0 ? 0.5 + 0.5 * $0 / largest : 0.5 }
    }
    var grid = self
    grid.range = 0...1
    return grid.samples(images)
  }
}
