/// Numbers of one shape for each of several examples.
public struct Values: Hashable, Sendable {
  /// `[count] + shape`, row-major.
  public let values: [Float]
  /// The shape for one example.
  public let shape: [Int]

  /// The number of examples.
  public var count: Int { values.count / size }

  private var size: Int { shape.reduce(1, *) }

  /// - Throws: if the values are not whole examples.
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

  /// The values of one example, counted from 0.
  public subscript(index: Int) -> ArraySlice<Float> {
    values[index * size..<(index + 1) * size]
  }
}
