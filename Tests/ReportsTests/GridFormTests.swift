import Reports
import Testing

@Suite struct GridFormTests {
  /// Images of 1×2 pixels with nothing between them.
  private var grid: ImageGrid {
    var grid = ImageGrid(shape: [1, 2, 1])
    (grid.scale, grid.margin, grid.gap, grid.pairGap) = (1, 0, 1, 0)
    grid.background = 9
    return grid
  }

  @Test func laysARowToAList() {
    let picture = grid.rows([[1, 1, 0, 0, 1, 0], [0, 1, 0, 1, 0, 0], [1, 0, 1, 0, 1, 1]])
    let rows: [[UInt8]] = [
      [255, 255, 9, 0, 0, 9, 255, 0],
      [UInt8](repeating: 9, count: 8),
      [0, 255, 9, 0, 255, 9, 0, 0],
      [UInt8](repeating: 9, count: 8),
      [255, 0, 9, 255, 0, 9, 255, 255],
    ]
    #expect(picture.width == 8)
    #expect(picture.pixels == rows.flatMap { $0 })
  }

  /// Whatever the grid is set to: no margin, nothing enlarged.
  @Test func showsOneImageAsItIs() {
    let picture = ImageGrid(shape: [2, 1, 3]).image([0, 0.5, 1, 2, -1, .nan])
    #expect(picture.width == 1 && picture.height == 2 && picture.channels == 3)
    #expect(picture.pixels == [0, 128, 255, 255, 0, 0])
  }

  @Test func showsPairsDarkOnLight() {
    var grid = grid
    grid.columns = 1
    let picture = grid.darkPairs(
      originals: [1, 0, 0, 1], reconstructions: [0.5, 0.2, .nan, 2])
    let rows: [[UInt8]] = [
      [0, 255, 128, 204], [255, 255, 255, 255], [255, 0, 255, 0],
    ]
    #expect(picture.pixels == rows.flatMap { $0 })
  }

  /// MATLAB's table at its corners.
  @Test func colorsByJet() {
    var grid = grid
    grid.palette = .jet
    let values: [Float] = [0, 0.125, 0.375, 0.5, 0.625, 0.875, 1, 1]
    let picture = grid.rows([values])
    #expect(picture.channels == 3)
    var pixels = picture.pixels
    for cell in [3, 2, 1] { pixels.removeSubrange(9 * cell - 3..<9 * cell) }
    let colors: [[UInt8]] = [
      [0, 0, 128], [0, 0, 255], [0, 255, 255], [128, 255, 128], [255, 255, 0], [255, 0, 0],
      [128, 0, 0], [128, 0, 0],
    ]
    #expect(pixels == colors.flatMap { $0 })
  }

  @Test func scalesEachFilterByItsOwnLargestWeight() {
    var grid = grid
    grid.columns = 2
    // [2 pixels, 3 units]: the units are (1, −2), (0, 0), (0.3, 0.15).
    let weights: [Float] = [1, 0, 0.3, -2, 0, 0.15]
    let picture = grid.filters(weights)
    let rows: [[UInt8]] = [
      [191, 0, 9, 128, 128], [9, 9, 9, 9, 9], [255, 191, 9, 9, 9],
    ]
    #expect(picture.pixels == rows.flatMap { $0 })
    #expect(grid.filters(weights, count: 1).pixels == [191, 0])
  }

  /// A caption above each row: letters of a font that is twice as large where it fits.
  @Test func captionsStandAboveTheirRows() {
    var grid = ImageGrid(shape: [1, 80, 1])
    (grid.scale, grid.margin, grid.gap, grid.background) = (1, 3, 5, 245)
    let images = [Float](repeating: 1, count: 80)
    let picture = grid.rows([images, images], captions: ["original", "il"])
    #expect(picture.width == 86 && picture.height == 2 * 3 + 2 * (11 + 1) + 5)
    func row(_ y: Int) -> String {
      String(
        picture.pixels[y * 86 + 3..<y * 86 + 15].map { $0 == 64 ? "#" : $0 == 245 ? "." : "?" })
    }
    // Scale 1: "original" is 47 pixels wide, twice that does not fit into 80.
    let second = 3 + 11 + 1 + 5
    #expect(
      (second..<second + 11).map(row) == [
        "..#....##...", "........#...", ".##.....#...", "..#.....#...", "..#.....#...",
        "..#.....#...", ".###...###..", "............", "............", "............",
        "............",
      ])
    #expect(row(3 + 11) == "????????????" && row(second + 11) == "????????????")
    let large = grid.rows([images], captions: ["il"])
    #expect(large.height == 2 * 3 + 22 + 1)
    #expect(large.pixels[3 * 86 + 7] == 64 && large.pixels[4 * 86 + 8] == 64)
  }

  /// A caption that is wider than the images widens the picture.
  @Test func aCaptionIsNeverCut() {
    let picture = grid.pairs(
      originals: [0, 0], reconstructions: [1, 1], caption: "left: original")
    #expect(picture.width == 14 * 6 - 1)
  }

  @Test func valuesLieInARange() {
    var grid = grid
    grid.range = -1...1
    #expect(grid.samples([-1, 1, 0, 3]).pixels == [0, 255, 9, 128, 255])
    grid.range = 0...255
    #expect(grid.samples([51, 255]).pixels == [51, 255])
  }
}
