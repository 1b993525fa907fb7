import Datasets
import Layers

extension Examples {
  /// Throws if a model reads the class of an example and these examples have no labels, or a label
  /// that the model does not know.
  func expectClasses(of model: Model, in data: String) throws(TrainingError) {
    guard let classes = model.classes else { return }
    guard let labels, windows == nil else {
      throw .labels(data: data, classes: classes, received: "examples without labels")
    }
    if let label = labels.first(where: { !(0..<classes).contains(Int($0)) }) {
      throw .labels(data: data, classes: classes, received: "the label \(label)")
    }
  }
}

extension Model {
  /// The values of the input `label` for `count` examples: 1 at the example's class and 0
  /// elsewhere.
  func labels(count: Int, of label: (Int) -> Int) -> [Double] {
    (0..<count).flatMap { index -> [Double] in
      let own = label(index)
      return (0..<(classes ?? 0)).map { $0 == own ? 1 : 0 }
    }
  }
}
