/// A batch of a feed's examples:
/// `y[n] = (scale · examples[order[row · stride + n]] − shift) · factor`, where `row` is the feed's
/// step within the epoch.
/// Where examples have missing values, which are NaN among floats, `part` says what is wanted of
/// them: the values, with 0 in place of those that are missing, or which of them are there.
/// Where examples are windows of a series, `examples` has its rows once, `order` the first row of
/// each window, and `examples[r]` are as many values from row `r` on as a window has.
/// - `examples`: `[count, …]`, uint8 or float32; `order`: `[count]`, int32. Of windows: `[rows, C]`
///   and `[count]`.
/// - Then, where `normalization` names them: `shift`, `factor`: `[…]`, a value a feature.
/// - Result: `[N, …]`, float32. Data receives no gradient.
package struct Gather: Operation {
  package let feed: Feed
  /// `N`: how many examples this step takes.
  package let batchSize: Int
  /// How many examples the steps before it took each; larger than `N` for an epoch's last batch.
  package let stride: Int
  package let scale: Double
  package let normalization: Normalization
  package let part: Part
  /// The shape of an example that is a window; `nil` if it is a row of `examples`.
  package let window: Shape?

  package enum Part: String, Hashable, Sendable {
    /// The examples, in which nothing is missing.
    case values
    /// The examples, after the normalisation with 0 where a value is missing: there the mean, where
    /// it is the mean that is subtracted.
    case filled
    /// 1 where there is a value, 0 where it is missing.
    case presence
  }

  package init(
    feed: Feed, batchSize: Int, stride: Int, scale: Double, normalization: Normalization = .none,
    part: Part = .values, window: Shape? = nil
  ) {
    precondition(part != .presence || normalization == .none, "presence is not normalised")
    self.part = part
    self.window = window
    self.feed = feed
    self.batchSize = batchSize
    self.stride = stride
    self.scale = scale
    self.normalization = normalization
  }

  package var name: String {
    "gather" + (part == .values ? "" : "(\(part.rawValue))") + (window == nil ? "" : ", windows")
      + normalization.suffix
  }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 2 + normalization.operandCount, inputs[0].shape.rank >= 1,
      inputs[0].elementType != .int32, inputs[1].elementType == .int32,
      inputs[1].shape.rank == 1, window != nil || inputs[1].shape[0] == inputs[0].shape[0]
    else {
      throw mismatch(
        "examples [count, …], their order int32[count] and \(normalization.operandCount) more",
        inputs)
    }
    let row = Shape(Array(inputs[0].shape.dimensions.dropFirst()))
    if let window, window.count > inputs[0].shape.count || window.count % row.count != 0 {
      throw mismatch("rows that fill windows \(window)", inputs)
    }
    let example = window ?? row
    guard inputs.dropFirst(2).allSatisfy({ $0 == TensorType(example) }) else {
      throw mismatch("after examples and order values \(example)", inputs)
    }
    return [TensorType(Shape([batchSize] + example.dimensions))]
  }

  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    (1 + normalization.operandCount) * outputs[0].count
  }
}

/// What is done to each feature of an example before it is encoded, by values taken over the
/// training examples: a `shift` that is subtracted, then a `factor`.
package struct Normalization: Hashable, Sendable {
  package let shift: Bool
  package let factor: Bool

  package init(shift: Bool, factor: Bool) {
    self.shift = shift
    self.factor = factor
  }

  package static let none = Normalization(shift: false, factor: false)
  /// Less the mean of the training examples.
  package static let mean = Normalization(shift: true, factor: false)
  /// To mean 0 and variance 1.
  package static let standard = Normalization(shift: true, factor: true)

  package var operandCount: Int { (shift ? 1 : 0) + (factor ? 1 : 0) }
  var suffix: String { (shift ? " − shift" : "") + (factor ? " · factor" : "") }
}

/// Undoes a normalisation: `y[n] = x[n] / factor + shift`.
/// - `x`: `[N, …]`; then, where `normalization` names them, `shift`, `factor`: `[…]`. Result:
///   `[N, …]`.
/// - Only what the user looks at is made so: it has no gradient.
package struct Denormalize: Operation {
  package let normalization: Normalization

  package init(_ normalization: Normalization) { self.normalization = normalization }
  package var name: String { "denormalize" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 1 + normalization.operandCount, inputs[0].shape.rank >= 1 else {
      throw mismatch("x [N, …] and \(normalization.operandCount) more", inputs)
    }
    let example = Shape(Array(inputs[0].shape.dimensions.dropFirst()))
    guard inputs.dropFirst().allSatisfy({ $0 == TensorType(example) }) else {
      throw mismatch("after x values \(example)", inputs)
    }
    return [inputs[0]]
  }
}
