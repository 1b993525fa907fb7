import Datasets
import Graphs
import Randoms
import Recipes
import Training

/// Numbers between -1 and 1, again and again the same few: products of zeros take less power, and
/// with it less time.
package func noise(count: Int) -> [Double] {
  let numbers = period.map { Double($0) / 128 - 1 }
  return (0..<count).map { numbers[$0 % numbers.count] }
}

/// A prime number of bytes, so that neither rows nor columns of a matrix are all alike.
private let period = Philox(seed: 1, stream: .sampling).uniforms(count: 65_521)
  .map { UInt8($0 * 256) }

extension TrainingData {
  /// Examples of random bytes: how fast a network trains does not depend on what it is shown.
  /// - Parameters:
  ///   - recipe: whose input and batch size they have.
  ///   - batches: so many full ones.
  ///   - validationCount: examples to judge by; there are none to judge by if it is 0.
  package init(randomFor recipe: Recipe, batches: Int, validationCount: Int = 0) {
    let shape = recipe.model.input
    self.init(
      training: Examples(randomBytes: batches * recipe.batchSize, of: shape),
      validation: validationCount == 0 ? nil : Examples(randomBytes: validationCount, of: shape))
  }
}

extension Examples {
  /// - Parameter count: so many examples of this shape.
  fileprivate init(randomBytes count: Int, of shape: Shape) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * shape.count)
    while bytes.count < count * shape.count {
      bytes += period.prefix(count * shape.count - bytes.count)
    }
    self.init(count: count, shape: shape.dimensions, elements: .bytes(bytes))
  }
}
