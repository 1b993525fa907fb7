import Datasets
import Graphs
import Recipes

extension TrainingData {
  /// Throws where cross-entropy would judge values that are no numbers from 0 to 1: it is then no
  /// likelihood, and has no least value.
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
  /// The least and the greatest value that a network sees; `nil` without any.
  fileprivate func range(of examples: Examples) -> ClosedRange<Double>? {
    // Bytes by 255 are what they should be without a look at them.
    if case .bytes = examples.elements, shift.isEmpty, factor.isEmpty, byteScale <= 1.0 / 255 {
      return 0...1
    }
    var (least, greatest) = (Float.infinity, -Float.infinity)
    for value in applyOnce(to: examples) {
      least = min(least, value)
      greatest = max(greatest, value)
    }
    return least <= greatest ? Double(least)...Double(greatest) : nil
  }
}
