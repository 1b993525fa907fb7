/// Images side by side on a light ground, enlarged so that single pixels can be seen.
///
/// Image values are floats, 0 black and 1 white, `[N, H, W, C]` row-major with C 1 or 3; values
/// outside [0, 1] are clamped, and those that are not finite are black (see `Palette`).
package struct ImageGrid: Hashable, Sendable {
  /// The shape of one image.
  package let height: Int
  package let width: Int
  package let channels: Int

  /// Cells to a row.
  package var columns = 10
  /// Pixels of the picture to a pixel of an image, across and down.
  package var scale = 2
  /// Around all cells, in pixels of the picture.
  package var margin = 16
  /// Between cells.
  package var gap = 10
  /// Between an original and its reconstruction.
  package var pairGap = 2
  package var background: UInt8 = 245
  /// What values look like; `jet` is for images of one channel.
  package var palette = Palette.gray

  /// - `shape`: `[H, W, C]` of one image.
  package init(shape: [Int]) {
    precondition(shape.count == 3 && (shape[2] == 1 || shape[2] == 3), "images are [H, W, 1 or 3]")
    height = shape[0]
    width = shape[1]
    channels = shape[2]
  }

  /// One image to a cell, row by row.
  package func samples(_ images: [Float]) -> Picture {
    picture([images])
  }

  /// To each cell an original and, right of it, its reconstruction.
  package func pairs(originals: [Float], reconstructions: [Float]) -> Picture {
    picture([originals, reconstructions])
  }

  /// The size of the picture for so many cells of `perCell` images each.
  package func size(cells: Int, perCell: Int) -> (width: Int, height: Int) {
    let rows = (cells + columns - 1) / columns
    let across = min(cells, columns)
    return (
      2 * margin + across * (cellWidth(perCell) + gap) - gap,
      2 * margin + rows * (height * scale + gap) - gap
    )
  }

  private func cellWidth(_ perCell: Int) -> Int {
    perCell * (width * scale + pairGap) - pairGap
  }

  /// Cell `i` shows image `i` of every list, from left to right.
  private func picture(_ lists: [[Float]]) -> Picture {
    let imageCount = height * width * channels
    let cells = lists[0].count / imageCount
    precondition(cells > 0, "a grid shows at least one image")
    precondition(palette != .jet || channels == 1, "a palette of colours is for shades of gray")
    precondition(
      lists.allSatisfy { $0.count == cells * imageCount }, "lists hold as many whole images each")
    let size = size(cells: cells, perCell: lists.count)
    var picture = Picture(
      width: size.width, height: size.height, channels: palette.channels(channels),
      shade: background)
    for (place, images) in lists.enumerated() {
      for cell in 0..<cells {
        let x =
          margin + cell % columns * (cellWidth(lists.count) + gap)
          + place * (width * scale + pairGap)
        let y = margin + cell / columns * (height * scale + gap)
        draw(images[cell * imageCount..<(cell + 1) * imageCount], on: &picture, x: x, y: y)
      }
    }
    return picture
  }

  private func draw(_ image: ArraySlice<Float>, on picture: inout Picture, x: Int, y: Int) {
    for (index, value) in image.enumerated() {
      let pixel = index / channels
      for (offset, shade) in palette.shades(value).enumerated() {
        picture.fill(
          x: x + pixel % width * scale, y: y + pixel / width * scale, side: scale,
          channel: index % channels + offset, with: shade)
      }
    }
  }
}
