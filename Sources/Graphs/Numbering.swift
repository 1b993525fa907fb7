/// What determines the random numbers of an op, in addition to the run's seed and the op's stream:
/// the step and the element of Philox's counter.
///
/// Training draws new numbers in each step, for the batch as a whole. Evaluation draws for each
/// example or sample separately, so that its numbers do not depend on batch size and start.
package enum Numbering: Hashable, Sendable {
  /// Step: that of the feed; element: the index in the tensor.
  case step
  /// The same for a part of the batch: element: the index in the tensor, counted from this one.
  case elements(from: Int)
  /// Step: the example's number in the order of its feed, `first + row · stride + n`, with `row` the
  /// feed's step within the epoch, `stride` the number of examples in each earlier step, and `first`
  /// the examples before those in memory; element: the index within the example.
  case example(stride: Int)
  /// Step: the sample's number, the feed's step plus `n`; element: the index within the sample.
  case sample
  /// Several draws per example: result `n · count + j` is draw `d`, the feed's step plus `j`, for
  /// example `n`. Step: the example's number as above, plus 2³² · `d`; element: the index within the
  /// draw.
  case draws(count: Int, stride: Int)

  /// The number of rows of a tensor per example.
  package var drawCount: Int {
    if case .draws(let count, _) = self { count } else { 1 }
  }

  /// The rows and columns of a tensor with numbered rows; a single row if the tensor is numbered as
  /// a whole.
  package func matrix(_ shape: Shape) -> (rows: Int, columns: Int) {
    switch self {
    case .step, .elements: (1, shape.count)
    case .example, .sample, .draws: (shape[0], shape.count / max(shape[0], 1))
    }
  }

  /// The element of a tensor's first number.
  package var firstElement: Int {
    if case .elements(let first) = self { first } else { 0 }
  }

  /// The step of a tensor's row 0, from the feed's counters.
  package func firstStep(first: Int, row: Int, step: Int) -> UInt64 {
    switch self {
    case .step, .elements, .sample: UInt64(step)
    case .example(let stride): UInt64(first + row * stride)
    case .draws(_, let stride): UInt64(first + row * stride) &+ UInt64(step) << 32
    }
  }

  /// The step of a tensor's row, if that of row 0 is `first`.
  package func step(ofRow row: Int, from first: UInt64) -> UInt64 {
    first &+ UInt64(row / drawCount) &+ UInt64(row % drawCount) << 32
  }

  /// Suffix of an op's name with this numbering.
  var suffix: String {
    switch self {
    case .step: ""
    case .elements(let first): ", from \(first)"
    case .example: ", by example"
    case .sample: ", by sample"
    case .draws(let count, _): ", \(count) by example"
    }
  }
}
