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
          "\(AvailableMemory.text(stored.count * stored.rowByteCount)) of examples, which stay in their files",
        advice: "use the first examples with --limit, or more memory with --memory")
    }
    let normalization = recipe.preparation.normalization
    guard normalization != .none else { return self }
    return with(
      elements: .stored(try stored.measured(byteScale: recipe.preparation.byteScale)),
      labels: labels)
  }

  /// Throws for stored examples: random rows of them would be all over their files.
  func expectNoRandomRows(_ fraction: Double, in name: String) throws(DatasetError) {
    guard stored != nil else { return }
    throw .unexpected(
      place: name,
      expected:
        "the last part of the examples for validation, as they are read from their files while training",
      received: "a random fraction of them, \(fraction)",
      advice: "use --validation last:\(fraction), another file, or none")
  }

  /// Validation examples in memory, as floats or bytes.
  func inMemory(_ limit: MemoryLimit, in name: String) throws(DatasetError) -> Examples {
    let needed = count * featureCount * (areBytes ? 1 : 4)
    guard stored == nil || needed <= limit.loadableByteCount else {
      throw .unexpected(
        place: name,
        expected:
          "validation examples that fit into \(AvailableMemory.text(limit.loadableByteCount)) of memory",
        received: "\(AvailableMemory.text(needed)) (\(count) examples)",
        advice: "use fewer, such as --validation last:0.01, or none")
    }
    return try loaded()
  }
}
