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
  func measured(for recipe: Recipe, in name: String) throws -> Examples {
    guard let stored else { return self }
    guard recipe.model.classes == nil else {
      throw DatasetError.unexpected(
        place: name,
        expected: "examples in memory, as \(recipe.name) reads the class of each example",
        received:
          "\(AvailableMemory.text(stored.storedByteCount)) of examples, which stay in their files",
        advice: "use the first examples with --limit, or more memory with --memory")
    }
    let fills = areDoubles && recipe.dataOptions.missing == .mean
    guard recipe.preparation.normalization != .none || fills else { return self }
    let measured = try stored.measured(
      byteScale: recipe.preparation.byteScale, fillsMissing: fills)
    return with(elements: .stored(measured), labels: labels)
  }

  /// Validation examples in memory, as floats or bytes; doubles are already scaled.
  func inMemory(_ limit: MemoryLimit, in name: String) throws(DatasetError) -> Examples {
    let needed = count * featureCount * (areBytes ? 1 : 4)
    guard stored == nil || needed <= limit.loadableByteCount else {
      throw .unexpected(
        place: name,
        expected:
          "validation examples that fit into \(AvailableMemory.text(limit.loadableByteCount)) of memory",
        received: "\(AvailableMemory.text(needed)) (\(count) examples)",
        advice: "use fewer, such as --validation 0.01, or none")
    }
    return try loaded()
  }
}
