import CPNG
import Reports
import Testing

@Suite struct PNGTests {
  @Test(arguments: [1, 3]) func decodesToTheSamePixels(channels: Int) throws {
    let pixels = (0..<17 * 5 * channels).map { UInt8(truncatingIfNeeded: $0 * 37) }
    let picture = Picture(width: 17, height: 5, channels: channels, pixels: pixels)
    let bytes = try PNG.encode(picture)
    #expect(bytes.starts(with: [0x89, 0x50, 0x4e, 0x47]))
    #expect(decode(bytes, channels: channels) == picture)
  }

  @Test func namesWhatCannotBeEncoded() {
    // libpng refuses a width beyond a million.
    let picture = Picture(width: 1_000_001, height: 1, channels: 1, shade: 0)
    do throws(ReportError) {
      _ = try PNG.encode(picture)
      Issue.record("encoded")
    } catch {
      #expect(
        error.description
          == "PNG: expected a picture that libpng can encode, received 1000001×1: "
          + "Invalid IHDR data; show fewer or smaller images")
    }
  }

  private func decode(_ bytes: [UInt8], channels: Int) -> Picture? {
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    guard png_image_begin_read_from_memory(&image, bytes, bytes.count) != 0 else { return nil }
    #expect(image.format == (channels == 3 ? 2 : 0))
    var pixels = [UInt8](repeating: 0, count: Int(image.width * image.height) * channels)
    guard png_image_finish_read(&image, nil, &pixels, 0, nil) != 0 else { return nil }
    return Picture(
      width: Int(image.width), height: Int(image.height), channels: channels, pixels: pixels)
  }
}

@Suite struct ImageGridTests {
  /// Images of 1×2 pixels, three to a row, everything else small enough to write out.
  private func grid(channels: Int) -> ImageGrid {
    var grid = ImageGrid(shape: [1, 2, channels])
    (grid.columns, grid.scale, grid.margin, grid.gap, grid.pairGap) = (2, 1, 1, 1, 1)
    grid.background = 9
    return grid
  }

  @Test func laysSamplesOutRowByRow() {
    let picture = grid(channels: 1).samples([0, 1, 0.5, 0.25, -3, 7])
    #expect(picture.width == 7)
    #expect(picture.height == 5)
    let rows: [[UInt8]] = [
      [9, 9, 9, 9, 9, 9, 9],
      [9, 0, 255, 9, 128, 64, 9],
      [9, 9, 9, 9, 9, 9, 9],
      [9, 0, 255, 9, 9, 9, 9],
      [9, 9, 9, 9, 9, 9, 9],
    ]
    #expect(picture.pixels == rows.flatMap { $0 })
  }

  @Test func laysAReconstructionRightOfItsOriginal() {
    let picture = grid(channels: 1).pairs(originals: [1, 1, 0, 0], reconstructions: [0, 1, 1, 0])
    let rows: [[UInt8]] = [
      [UInt8](repeating: 9, count: 13),
      [9, 255, 255, 9, 0, 255, 9, 0, 0, 9, 255, 0, 9],
      [UInt8](repeating: 9, count: 13),
    ]
    #expect(picture.pixels == rows.flatMap { $0 })
  }

  @Test func enlargesEachPixelAndKeepsChannels() {
    var grid = grid(channels: 3)
    (grid.scale, grid.margin) = (2, 0)
    let picture = grid.samples([1, 0, 0, 0, 1, 0.2])
    let row: [UInt8] = [255, 0, 0, 255, 0, 0, 0, 255, 51, 0, 255, 51]
    #expect(picture.pixels == row + row)
    #expect(picture.channels == 3)
  }

  @Test func showsWhatIsNotFiniteAsBlack() {
    let picture = grid(channels: 1).samples([.nan, .infinity, -.infinity, 1])
    #expect(picture.pixels[7..<14] == [9, 0, 0, 9, 0, 255, 9])
  }

  @Test func aHundredPairsFillTenRows() {
    let size = ImageGrid(shape: [28, 28, 1]).size(cells: 100, perCell: 2)
    #expect(size.width == 16 + 10 * (56 + 2 + 56) + 9 * 10 + 16)
    #expect(size.height == 16 + 10 * 56 + 9 * 10 + 16)
    let single = ImageGrid(shape: [28, 28, 1]).size(cells: 3, perCell: 1)
    #expect(single.width == 16 + 3 * 56 + 2 * 10 + 16)
    #expect(single.height == 16 + 56 + 16)
  }
}
