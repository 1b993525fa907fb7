/// Draws images in a grid on a light background, enlarged so that single pixels can be seen.
///
/// Image values are floats, `[N, H, W, C]` row-major with C 1 or 3. The lower end of `range` is
/// black and its upper end white; values outside are clamped, and values that are not finite are
/// black (see `Palette`).
package struct ImageGrid: Hashable, Sendable {
  /// The shape of one image.
  package let height: Int
  package let width: Int
  package let channels: Int

  /// Images or pairs per row.
  package var columns = 10
  /// Pixels of the picture per pixel of an image, in each direction.
  package var scale = 2
  /// The margin around the grid, in pixels of the picture.
  package var margin = 16
  /// Between cells.
  package var gap = 10
  /// Between an original and its reconstruction.
  package var pairGap = 2
  package var background: UInt8 = 245
  /// The range of the image values.
  package var range: ClosedRange<Float> = 0...1
  /// The colours of the values; `jet` is for images of one channel.
  package var palette = Palette.gray

  /// - Parameter shape: `[H, W, C]` of one image.
  package init(shape: [Int]) {
    precondition(
      shape.count == 3 && (shape[2] == 1 || shape[2] == 3), "images must be [H, W, 1 or 3]")
    height = shape[0]
    width = shape[1]
    channels = shape[2]
  }

  /// One image per cell, row by row.
  package func samples(_ images: [Float]) -> Picture {
    picture([images], captions: [])
  }

  /// In each cell an original and, to its right, its reconstruction.
  /// - Parameter caption: a caption above the grid.
  package func pairs(
    originals: [Float], reconstructions: [Float], caption: String? = nil
  ) -> Picture {
    picture([originals, reconstructions], captions: caption.map { [$0] } ?? [])
  }

  /// The size of the picture for this many cells of `perCell` images each.
  /// - Parameter captions: captions above the first rows.
  package func size(
    cells: Int, perCell: Int, captions: [String] = []
  ) -> (width: Int, height: Int) {
    let rows = (cells + columns - 1) / columns
    let across = across(min(cells, columns), perCell)
    let texts = captions.map { BitmapFont.width($0) * captionScale(captions, across) }
    return (
      2 * margin + max(across, texts.max() ?? 0),
      2 * margin + rows * (height * scale + gap) - gap
        + captions.count * captionHeight(captionScale(captions, across))
    )
  }

  private func across(_ cells: Int, _ perCell: Int) -> Int {
    cells * (cellWidth(perCell) + gap) - gap
  }

  /// Captions are twice as large if there is enough width.
  private func captionScale(_ captions: [String], _ across: Int) -> Int {
    captions.allSatisfy { 2 * BitmapFont.width($0) <= across } ? 2 : 1
  }

  private func captionHeight(_ captionScale: Int) -> Int { captionScale * (BitmapFont.height + 2) }

  private func cellWidth(_ perCell: Int) -> Int {
    perCell * (width * scale + pairGap) - pairGap
  }

  /// Cell `i` shows image `i` of every list, from left to right.
  /// - Parameter captions: captions above the first rows.
  func picture(_ lists: [[Float]], captions: [String]) -> Picture {
    let imageCount = height * width * channels
    let cells = lists[0].count / imageCount
    precondition(cells > 0, "a grid needs at least one image")
    precondition(palette != .jet || channels == 1, "the palette jet is for images of one channel")
    precondition(
      lists.allSatisfy { $0.count == cells * imageCount },
      "all lists must have the same number of images")
    let size = size(cells: cells, perCell: lists.count, captions: captions)
    let textScale = captionScale(captions, across(min(cells, columns), lists.count))
    var picture = Picture(
      width: size.width, height: size.height, channels: palette.channels(channels),
      shade: background)
    /// The top of a row's images.
    func top(_ row: Int) -> Int {
      margin + row * (height * scale + gap)
        + min(row + 1, captions.count) * captionHeight(textScale)
    }
    for (row, caption) in captions.enumerated() {
      write(caption, on: &picture, y: top(row) - captionHeight(textScale), scale: textScale)
    }
    for (place, images) in lists.enumerated() {
      for cell in 0..<cells {
        let x =
          margin + cell % columns * (cellWidth(lists.count) + gap)
          + place * (width * scale + pairGap)
        draw(
          images[cell * imageCount..<(cell + 1) * imageCount], on: &picture, x: x,
          y: top(cell / columns))
      }
    }
    return picture
  }

  private func write(_ text: String, on picture: inout Picture, y: Int, scale: Int) {
    for pixel in BitmapFont.pixels(text) {
      for channel in 0..<picture.channels {
        picture.fill(
          x: margin + pixel.x * scale, y: y + pixel.y * scale, side: scale, channel: channel,
          with: Self.textShade)
      }
    }
  }

  /// Contrasts with all backgrounds of a grid.
  private static let textShade: UInt8 = 64

  private func draw(_ image: ArraySlice<Float>, on picture: inout Picture, x: Int, y: Int) {
    let span = range.upperBound - range.lowerBound
    for (index, value) in image.enumerated() {
      let pixel = index / channels
      for (offset, shade) in palette.shades((value - range.lowerBound) / span).enumerated() {
        picture.fill(
          x: x + pixel % width * scale, y: y + pixel / width * scale, side: scale,
          channel: index % channels + offset, with: shade)
      }
    }
  }
}
