import Recipes
import Reports

extension ImageGrid {
  /// Reconstructions as a recipe wants them shown. Where images are in colour, those stay.
  func picture(_ pairs: PictureData.Pairs, _ style: Recipe.Pictures.Style) -> Picture {
    let (originals, reconstructions) = (pairs.originals, pairs.reconstructions)
    var grid = self
    switch style {
    case .pairs, .codes, .codesBesidePCA:
      return grid.pairs(originals: originals, reconstructions: reconstructions)
    case .darkPairs:
      grid.columns = 5
      return grid.darkPairs(originals: originals, reconstructions: reconstructions)
    case .rows:
      return grid.rows([originals, reconstructions])
    case .jetRows:
      grid.palette = channels == 1 ? .jet : .gray
      return grid.rows([originals, reconstructions])
    case .noisy:
      return grid.rows([pairs.corrupted ?? originals, reconstructions, originals])
    }
  }
}
