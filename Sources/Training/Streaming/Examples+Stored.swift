import Datasets
import Graphs
import Recipes

/// What training does with stored examples before it begins.
extension Examples {
  /// The number of examples that are shown, and that principal components are computed from.
  static let shownCount = 10_000
  /// The memory for them, if the others stay in their files.
  private static let shownByteCount = 64 << 20

  /// Some of the first examples in memory if they are stored; else all.
  func sample() throws(DatasetError) -> Examples {
    guard let stored else { return self }
    let count = Self.shownByteCount / max(4 * stored.rowSize, 1)
    return try prefix(max(min(count, Self.shownCount), 1)).loaded()
  }

  /// The same examples, with mean and deviation of each feature if the recipe scales by them.
  /// - Parameter fills: whether missing values are replaced by the mean.
  func measured(for recipe: Recipe, fills: Bool) throws(DatasetError) -> Examples {
    guard let stored else { return self }
    guard recipe.preparation.normalization != .none || fills else { return self }
    let measured = try stored.measured(
      byteScale: recipe.preparation.byteScale, fillsMissing: fills)
    return with(elements: .stored(measured), labels: labels)
  }

  /// The same examples in memory if the process may load them; else as they are read in the order
  /// of their files.
  func loadedIfSmall(_ limit: MemoryLimit) throws(DatasetError) -> Examples {
    let needed = count * featureCount * (areBytes ? 1 : 4)
    return needed <= limit.loadableByteCount ? try loaded() : inOrder
  }

  /// Stored examples that are not shuffled, which can be read in smaller parts.
  var inOrder: Examples {
    guard var stored else { return self }
    stored.chunkByteCount = min(stored.chunkByteCount, 1 << 20)
    stored.isReadInOrder = true
    return with(elements: .stored(stored), labels: labels)
  }
}
