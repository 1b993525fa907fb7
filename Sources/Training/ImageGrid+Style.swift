import Recipes
import Reports

extension ImageGrid {
  /// Reconstructions in the style of the recipe. Colour images keep their colours.
  func picture(_ pairs: PictureData.Pairs, _ style: Recipe.Pictures.Style) -> Picture {
    let (originals, reconstructions) = (pairs.originals, pairs.reconstructions)
    var grid = self
    switch style {
    case .pairs, .codes, .codesBesidePCA, .codesOverPrior:
      return grid.pairs(
        originals: originals, reconstructions: reconstructions, caption: pairs.caption)
    case .darkPairs:
      grid.columns = 5
      return grid.darkPairs(
        originals: originals, reconstructions: reconstructions, caption: pairs.caption)
    case .rows:
      return grid.rows(pairs.shown, captions: pairs.captions)
    case .jetRows:
      grid.palette = channels == 1 ? .jet : .gray
      return grid.rows(pairs.shown, captions: pairs.captions)
    case .noisy:
      return grid.rows(
        [pairs.corrupted ?? originals, reconstructions, originals],
        captions: ["noisy", "denoised", "original"])
    }
  }
}

extension PictureData.Pairs {
  /// Rows of originals and of reconstructions.
  fileprivate var shown: [[Float]] { [originals, reconstructions] }
  fileprivate var captions: [String] { ["original", "reconstruction"] }
  fileprivate var caption: String { "left: original, right: reconstruction" }
}
