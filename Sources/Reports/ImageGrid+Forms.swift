/// The arrangements of the tutorials.
extension ImageGrid {
  /// A row to each list, an image of each below the other: originals over reconstructions, or
  /// noisy, cleaned and original.
  /// - `captions`: one to a list, said above its row.
  package func rows(_ lists: [[Float]], captions: [String] = []) -> Picture {
    precondition(captions.isEmpty || captions.count == lists.count, "a caption to a row")
    let imageCount = height * width * channels
    var grid = self
    grid.columns = lists[0].count / imageCount
    return grid.picture([lists.flatMap { $0 }], captions: captions)
  }

  /// One image by itself, a pixel of the picture to each of its own.
  package func image(_ values: [Float]) -> Picture {
    var grid = self
    (grid.scale, grid.margin, grid.columns) = (1, 0, 1)
    return grid.samples(values)
  }

  /// An original and its reconstruction side by side, `columns` of such pairs to a row, dark on
  /// light.
  package func darkPairs(
    originals: [Float], reconstructions: [Float], caption: String? = nil
  ) -> Picture {
    var grid = self
    (grid.palette, grid.background) = (.inverted, 255)
    return grid.pairs(
      originals: originals, reconstructions: reconstructions, caption: caption)
  }

  /// What each unit of a first layer looks for: its weights as an image, scaled by the largest of
  /// them, so that 0 is mid-gray, black and white are as far from it as the filter goes.
  ///
  /// - `weights`: `[H · W · C, units]` of a dense layer, `[K, K, C, units]` of a convolution, with
  ///   this grid's shape `[H, W, C]` or `[K, K, C]`.
  /// - `count`: the first so many units.
  package func filters(_ weights: [Float], count: Int = .max) -> Picture {
    let imageCount = height * width * channels
    let units = weights.count / imageCount
    precondition(units > 0 && weights.count == units * imageCount, "weights are [H · W · C, units]")
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
