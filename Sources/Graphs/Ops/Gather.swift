/// A batch of a feed's examples:
/// `y[n] = (scale · examples[order[row · stride + start + n]] − shift) · factor`, where `row` is the
/// feed's step within the epoch, and `start` the place of a rank's examples in the batch.
/// Examples may have missing values, which are NaN in float data. `part` selects what is gathered:
/// the values, with 0 for missing ones, or which values exist.
/// If examples are windows of a series, `examples` has each row once, `order` has the first row of
/// each window, and `examples[r]` are the values of the window that begins at row `r`.
/// - `examples`: `[count, …]`, uint8, float16, bfloat16 or float32; `order`: `[count]`, int32. For windows: `[rows,
///   C]` and `[count]`.
/// - Then, if `normalization` has them: `shift`, `factor`: `[…]`, one value per feature.
/// - Result: `[N, …]`, float32. Data receives no gradient.
package struct Gather: Operation {
  package let feed: Feed
  /// `N`: the number of examples in this step.
  package let batchSize: Int
  /// The number of examples in each earlier step; larger than `N` for an epoch's last batch.
  package let stride: Int
  /// The place of the first example in the batch of all ranks.
  package let start: Int
  package let scale: Double
  package let normalization: Normalization
  package let part: Part
  /// The shape of a window; `nil` if an example is a row of `examples`.
  package let window: Shape?

  package enum Part: String, Hashable, Sendable {
    /// The examples, without missing values.
    case values
    /// The normalized examples, with 0 for missing values. If the mean is subtracted, this is the
    /// mean.
    case filled
    /// 1 for a value, 0 for a missing one.
    case presence
  }

  package init(
    feed: Feed, batchSize: Int, stride: Int, start: Int = 0, scale: Double,
    normalization: Normalization = .none, part: Part = .values, window: Shape? = nil
  ) {
    precondition(part != .presence || normalization == .none, "presence must not be normalized")
    self.part = part
    self.window = window
    self.feed = feed
    self.batchSize = batchSize
    self.stride = stride
    self.start = start
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

/// The normalization of an example's features, with values computed from the training examples: a
/// `shift` that is subtracted, then a `factor`.
package struct Normalization: Hashable, Sendable {
  package let shift: Bool
  package let factor: Bool

  package init(shift: Bool, factor: Bool) {
    self.shift = shift
    self.factor = factor
  }

  package static let none = Normalization(shift: false, factor: false)
  /// Minus the mean of the training examples.
  package static let mean = Normalization(shift: true, factor: false)
  /// To mean 0 and variance 1.
  package static let standard = Normalization(shift: true, factor: true)

  package var operandCount: Int { (shift ? 1 : 0) + (factor ? 1 : 0) }
  var suffix: String { (shift ? " − shift" : "") + (factor ? " · factor" : "") }
}

/// Undoes a normalization: `y[n] = x[n] / factor + shift`.
/// - `x`: `[N, …]`; then, if `normalization` has them, `shift`, `factor`: `[…]`. Result: `[N, …]`.
/// - It is only used for output, and has no gradient.
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
