import Analyses
import Layers

extension Autoencoder {
  /// Codes between two codes, in equal steps: along a line, `(1 − t) a + t b`, or along the arc
  /// between them. `decode` converts them to examples.
  ///
  /// - Parameters:
  ///   - first: the first code.
  ///   - last: the last code.
  ///   - steps: the number of codes, including both ends; at least 2.
  ///   - isSpherical: whether to follow the arc: Shoemake, *Animating Rotation with Quaternion
  ///     Curves* (1985).
  /// - Returns: `[steps] + codeShape`.
  /// - Throws: if one of them is not a code of this model, or `steps` is less than 2.
  public func codes(
    from first: Values, to last: Values, steps: Int, isSpherical: Bool = false
  ) throws(AutoencoderError) -> Values {
    for code in [first, last] { try expectCode(code) }
    try expectSteps(steps)
    let path =
      isSpherical
      ? CodePaths.spherical(from: first.values, to: last.values, steps: steps)
      : CodePaths.linear(from: first.values, to: last.values, steps: steps)
    return Values(whole: path, shape: codeShape)
  }

  /// Codes in which one unit after the other changes from 3 standard deviations below its mean to 3
  /// above, while the others keep their values. `decode` converts them to examples.
  ///
  /// - Parameters:
  ///   - base: one code; `nil`: the mean.
  ///   - codes: the codes whose means and standard deviations are used, `[N] + codeShape`.
  ///   - steps: codes per unit; at least 2.
  /// - Returns: `[units · steps] + codeShape`, one unit after the other.
  /// - Throws: if they are not codes of this model, or `steps` is less than 2.
  public func traversals(
    of base: Values? = nil, among codes: Values, steps: Int
  ) throws(AutoencoderError) -> Values {
    if let base { try expectCode(base) }
    guard codes.shape == codeShape, codes.count > 0 else {
      throw AutoencoderError("expected codes of shape \(codeShape), received \(codes.shape)")
    }
    try expectSteps(steps)
    var statistics = CodeStatistics(units: codeSize)
    statistics.add(codes.values)
    let start = base?.values ?? statistics.means.map { Float($0) }
    return Values(
      whole: CodePaths.traversals(of: start, in: statistics, steps: steps), shape: codeShape)
  }

  private func expectCode(_ code: Values) throws(AutoencoderError) {
    guard code.values.count == codeSize else {
      throw AutoencoderError(
        "expected one code of \(codeSize) numbers, received \(code.values.count) values")
    }
  }

  private func expectSteps(_ steps: Int) throws(AutoencoderError) {
    guard steps > 1 else {
      throw AutoencoderError("steps: expected a whole number from 2, received \(steps)")
    }
  }
}
