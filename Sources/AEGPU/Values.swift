/// Numbers of one shape for each of some examples.
public struct Values: Hashable, Sendable {
  /// `[count] + shape`, row-major.
  public let values: [Float]
  /// Of one example.
  public let shape: [Int]

  /// How many examples they are of.
  public var count: Int { values.count / size }

  private var size: Int { shape.reduce(1, *) }

  /// - Throws: where the values do not fill whole examples.
  public init(_ values: [Float], shape: [Int]) throws(AutoencoderError) {
    guard shape.allSatisfy({ $0 > 0 }), values.count % shape.reduce(1, *) == 0 else {
      throw AutoencoderError(
        "expected whole examples of shape \(shape), received \(values.count) values")
    }
    self.init(whole: values, shape: shape)
  }

  init(whole values: [Float], shape: [Int]) {
    self.values = values
    self.shape = shape
  }

  /// Those of one example, counted from 0.
  public subscript(index: Int) -> ArraySlice<Float> {
    values[index * size..<(index + 1) * size]
  }
}
