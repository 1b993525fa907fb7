import Datasets
import Graphs
import Randoms
import Recipes
import Training

/// Numbers between -1 and 1, from a short sequence that repeats. Products of zeros would take less
/// power, and so less time.
package func noise(count: Int) -> [Double] {
  let numbers = period.map { Double($0) / 128 - 1 }
  return (0..<count).map { numbers[$0 % numbers.count] }
}

/// A prime number of bytes, so that rows or columns of a matrix are not all equal.
private let period = Philox(seed: 1, stream: .sampling).uniforms(count: 65_521)
  .map { UInt8($0 * 256) }

extension TrainingData {
  /// Examples of random bytes: the speed of training does not depend on the values.
  /// - Parameters:
  ///   - recipe: the recipe whose input shape and batch size they have.
  ///   - batches: the number of full batches.
  ///   - validationCount: the number of validation examples; 0 for none.
  package init(randomFor recipe: Recipe, batches: Int, validationCount: Int = 0) throws {
    let shape = recipe.model.input
    try self.init(
      training: Examples(
        randomBytes: batches * recipe.batchSize, of: shape, classes: recipe.model.classes),
      validation: validationCount == 0
        ? nil
        : Examples(randomBytes: validationCount, of: shape, classes: recipe.model.classes))
  }
}

extension Examples {
  /// - Parameters:
  ///   - count: the number of examples.
  ///   - classes: the number of classes, if examples have one.
  fileprivate init(randomBytes count: Int, of shape: Shape, classes: Int?) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * shape.count)
    while bytes.count < count * shape.count {
      bytes += period.prefix(count * shape.count - bytes.count)
    }
    self.init(
      count: count, shape: shape.dimensions, elements: .bytes(bytes),
      labels: classes.map { classes in (0..<count).map { Int32($0 % classes) } })
  }
}
