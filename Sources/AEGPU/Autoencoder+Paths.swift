import Analyses
import Layers

extension Autoencoder {
  /// Codes on the way from one to another, in equal steps: along a line, `(1 − t) a + t b`, or along the
  /// arc between them. `decode` makes examples of them.
  ///
  /// - Parameters:
  ///   - first: one code.
  ///   - last: another.
  ///   - steps: how many, both ends among them; at least 2.
  ///   - isSpherical: along the arc: Shoemake, *Animating Rotation with Quaternion Curves* (1985).
  /// - Returns: `[steps] + codeShape`.
  /// - Throws: where one of them is no code of this model, or steps are fewer.
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

  /// Codes that differ in one unit after the other, from 3 deviations below its mean to 3 above, while the
  /// others stay as they are. `decode` makes examples of them.
  ///
  /// - Parameters:
  ///   - base: one code; `nil`: the mean.
  ///   - codes: whose means and deviations count, `[N] + codeShape`.
  ///   - steps: codes to a unit; at least 2.
  /// - Returns: `[units · steps] + codeShape`, a unit after the other.
  /// - Throws: where they are no codes of this model, or steps are fewer.
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
