/// What the random numbers of an op follow from, beside the run's seed and the op's stream: the step
/// and the element of Philox's counter.
///
/// Training draws anew at each step, for the batch as a whole. What is judged or shown draws for
/// each example or sample by itself, so that batches of any size, beginning anywhere, give it the
/// same numbers.
package enum Numbering: Hashable, Sendable {
  /// Step: the feed's; element: the place in the tensor.
  case step
  /// Step: the example's row in the order of its feed, `row · stride + n`, with `row` the feed's
  /// step within the epoch, and `stride` how many examples the steps before took each; element: the
  /// place within the example.
  case example(stride: Int)
  /// Step: the sample's number, the feed's step plus `n`; element: the place within the sample.
  case sample
  /// Several draws for each example: result `n · count + j` is draw `d`, the feed's step plus `j`,
  /// for example `n`. Step: the example's row as above, plus 2³² · `d`; element: the place within
  /// the draw.
  case draws(count: Int, stride: Int)

  /// How many rows of a tensor share an example.
  package var drawCount: Int {
    if case .draws(let count, _) = self { count } else { 1 }
  }

  /// The rows and columns of a tensor whose rows are numbered: one row where the tensor is as a
  /// whole.
  package func matrix(_ shape: Shape) -> (rows: Int, columns: Int) {
    guard self != .step else { return (1, shape.count) }
    return (shape[0], shape.count / max(shape[0], 1))
  }

  /// The step of a tensor's row 0, by the feed's counters.
  package func firstStep(row: Int, step: Int) -> UInt64 {
    switch self {
    case .step, .sample: UInt64(step)
    case .example(let stride): UInt64(row * stride)
    case .draws(_, let stride): UInt64(row * stride) &+ UInt64(step) << 32
    }
  }

  /// The step of a tensor's row, where row 0 has `first`.
  package func step(ofRow row: Int, from first: UInt64) -> UInt64 {
    first &+ UInt64(row / drawCount) &+ UInt64(row % drawCount) << 32
  }

  /// Ends the name of an op that is numbered so.
  var suffix: String {
    switch self {
    case .step: ""
    case .example: ", by example"
    case .sample: ", by sample"
    case .draws(let count, _): ", \(count) by example"
    }
  }
}
