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
}
