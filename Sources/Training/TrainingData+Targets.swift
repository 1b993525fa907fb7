import Datasets
import Graphs
import Recipes

extension TrainingData {
  /// Throws if cross-entropy would be used for values outside of 0 to 1: it would not be a
  /// likelihood, and would have no minimum.
  func expectTargets(_ recipe: Recipe, validationName: String) throws(TrainingError) {
    let error = recipe.model.loss.reconstruction
    guard error != .squaredError else { return }
    let normalization = isScaled ? .none : recipe.model.normalization
    let scaling = FeatureScaling(
      training, byteScale: recipe.preparation.byteScale, shift: normalization.shift,
      factor: normalization.factor)
    for (name, examples) in [(sources[0].name, training), (validationName, validation)] {
      guard let range = examples.flatMap(scaling.range),
        !(0...1).contains(range.lowerBound)
          || !(0...1).contains(range.upperBound)
      else { continue }
      throw .targets(
        data: name, error: error.rawValue, least: range.lowerBound, greatest: range.upperBound)
    }
  }
}

extension FeatureScaling {
  /// The smallest and the largest input of the network; `nil` without any. Of stored examples, which
  /// are scaled later, bounds of them.
  fileprivate func range(of examples: Examples) -> ClosedRange<Double>? {
    // Bytes divided by 255 are always in the range.
    if case .bytes = examples.elements, shift.isEmpty, factor.isEmpty, byteScale <= 1.0 / 255 {
      return 0...1
    }
    if let stored = examples.stored {
      let scale = stored.elementAsRead == .uint8 ? byteScale : 1
      let ends = (
        least: stored.least * scale - (shift.max() ?? 0),
        greatest: stored.greatest * scale - (shift.min() ?? 0)
      )
      let largest = factor.max() ?? 1
      return min(ends.least, ends.least * largest)...max(ends.greatest, ends.greatest * largest)
    }
    var (least, greatest) = (Float.infinity, -Float.infinity)
    for value in applyOnce(to: examples) {
      least = min(least, value)
      greatest = max(greatest, value)
    }
    return least <= greatest ? Double(least)...Double(greatest) : nil
  }
}
