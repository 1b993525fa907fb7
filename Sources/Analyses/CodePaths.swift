import Glibc

/// Paths through the code space, each a list of codes to decode.
package enum CodePaths {
  /// From one code to another in a straight line: `(1 − t) a + t b`, t from 0 to 1 in equal steps.
  /// - Parameter steps: the number of codes, with both ends; at least 2.
  /// - Returns: `[steps, units]`.
  package static func linear(from a: [Float], to b: [Float], steps: Int) -> [Float] {
    path(steps) { t in zip(a, b).map { Float((1 - t) * Double($0) + t * Double($1)) } }
  }

  /// From one code to another along the arc between them: `(sin((1 − t)ω) a + sin(tω) b) / sin ω`,
  /// where ω is the angle between a and b. Codes from a normal distribution of many units lie near
  /// a sphere, and this path stays near it. Shoemake, *Animating Rotation with Quaternion Curves*
  /// (1985).
  ///
  /// If both have the same or opposite directions, or one of them is 0, there is no unique arc:
  /// then the path is the straight line.
  package static func spherical(from a: [Float], to b: [Float], steps: Int) -> [Float] {
    func dot(_ x: [Float], _ y: [Float]) -> Double {
      zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let lengths = (dot(a, a) * dot(b, b)).squareRoot()
    let cosine = lengths > 0 ? min(max(dot(a, b) / lengths, -1), 1) : 1
    let angle = acos(cosine)
    guard sin(angle) > 1e-6 else { return linear(from: a, to: b, steps: steps) }
    return path(steps) { t in
      let (first, second) = (sin((1 - t) * angle) / sin(angle), sin(t * angle) / sin(angle))
      return zip(a, b).map { Float(first * Double($0) + second * Double($1)) }
    }
  }

  /// One unit after the other, each from `−reach` to `reach` standard deviations from its mean,
  /// while the others have their values in `base`.
  /// - `base`: `[units]`. `steps`: codes per unit, at least 2.
  /// - Returns: `[units · steps, units]`, a unit after the other.
  package static func traversals(
    of base: [Float], in statistics: CodeStatistics, steps: Int, reach: Double = 3
  ) -> [Float] {
    precondition(base.count == statistics.units, "the code must have all units")
    return base.indices.flatMap { unit in
      path(steps) { t in
        var code = base
        code[unit] = Float(
          statistics.means[unit] + (2 * t - 1) * reach * statistics.deviations[unit])
        return code
      }
    }
  }

  /// A grid of codes of two units: the first unit increases from left to right, the second from
  /// bottom to top, as on the axes of a plot.
  /// - `first`, `second`: the values along each axis, ascending.
  /// - Returns: `[second · first, 2]`, row after row from the top.
  package static func plane(_ first: [Double], _ second: [Double]) -> [Float] {
    second.reversed().flatMap { y in first.flatMap { x in [Float(x), Float(y)] } }
  }

  /// `count` quantiles of the standard normal distribution, `Φ⁻¹((i + ½) / count)`: dense where
  /// codes are dense.
  package static func normalQuantiles(count: Int) -> [Double] {
    (0..<count).map { normalQuantile((Double($0) + 0.5) / Double(count)) }
  }

  /// `count` values from `low` to `high` in equal steps.
  package static func span(from low: Double, to high: Double, count: Int) -> [Double] {
    guard count > 1 else { return [(low + high) / 2] }
    return (0..<count).map { low + (high - low) * Double($0) / Double(count - 1) }
  }

  private static func path(_ steps: Int, _ code: (Double) -> [Float]) -> [Float] {
    precondition(steps > 1, "a path needs two ends")
    return (0..<steps).flatMap { code(Double($0) / Double(steps - 1)) }
  }

  /// `Φ⁻¹(share)` by bisection: Φ is increasing, and `Φ(x) = erfc(−x / √2) / 2`.
  private static func normalQuantile(_ share: Double) -> Double {
    // erfc is precise only below the middle; above it, symmetry is used.
    if share > 0.5 { return -normalQuantile(1 - share) }
    var (low, high) = (-40.0, 0.0)
    for _ in 0..<64 {
      let middle = (low + high) / 2
      if erfc(-middle / 2.0.squareRoot()) / 2 < share { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
