import Glibc

/// Maps values to positions on an axis, with the ticks of the axis.
package struct ChartScale: Hashable, Sendable {
  package let low: Double
  package let high: Double
  package let isLogarithmic: Bool
  /// Round values within `low...high`, ascending.
  package let ticks: [Double]
  /// The distance between ticks on a linear axis.
  private let step: Double

  /// An axis that contains all values.
  /// - Parameters:
  ///   - values: values that are not finite are ignored, and on a logarithmic axis those that are
  ///     not positive; without any others, the axis is from 0 to 1.
  ///   - includesZero: whether the axis includes 0, as for bars.
  ///   - isTight: whether the axis ends at the values and not at round numbers.
  ///   - countsWhole: whether ticks must be whole numbers.
  ///   - count: the approximate number of ticks.
  package init(
    _ values: some Sequence<Double>, isLogarithmic: Bool = false, includesZero: Bool = false,
    isTight: Bool = false, countsWhole: Bool = false, count: Int = 5
  ) {
    var (least, most) = (Double.infinity, -Double.infinity)
    for value in values where value.isFinite && (!isLogarithmic || value > 0) {
      (least, most) = (min(least, value), max(most, value))
    }
    if least > most { (least, most) = isLogarithmic ? (1, 10) : (0, 1) }
    if includesZero, !isLogarithmic { (least, most) = (min(least, 0), max(most, 0)) }
    self.isLogarithmic = isLogarithmic
    if isLogarithmic {
      let first = Int(floor(log10(least)))
      let last = max(Int(ceil(log10(most))), first + 1)
      let (bottom, top) =
        isTight && least < most ? (least, most) : (pow(10, Double(first)), pow(10, Double(last)))
      (step, low, high) = (0, bottom, top)
      let factors: [Double] = last - first < 3 ? [1, 2, 5] : [1]
      var round: [Double] = []
      for decade in stride(from: first, through: last, by: max((last - first) / count, 1)) {
        round += factors.map { $0 * pow(10, Double(decade)) }
      }
      ticks = round.filter { $0 >= bottom * (1 - 1e-9) && $0 <= top * (1 + 1e-9) }
      return
    }
    if least == most {
      let margin = least == 0 || countsWhole ? 1 : abs(least) * 0.1
      (least, most) = (includesZero ? min(least, 0) : least - margin, max(most + margin, least))
    }
    let round = Self.step(from: least, to: most, count: count)
    let step = countsWhole ? max(round, 1) : round
    self.step = step
    let (first, last) =
      isTight
      ? (ceil(least / step - 1e-9), floor(most / step + 1e-9))
      : (floor(least / step + 1e-9), ceil(most / step - 1e-9))
    (low, high) = isTight ? (least, most) : (first * step, last * step)
    ticks = stride(from: first, through: last, by: 1).map { $0 * step }
  }

  /// 1, 2 or 5 times a power of ten.
  private static func step(from low: Double, to high: Double, count: Int) -> Double {
    let rough = (high - low) / Double(count)
    let power = pow(10, floor(log10(rough)))
    let factor = [1.0, 2, 5].first { $0 * power >= rough * (1 - 1e-9) } ?? 10
    return factor * power
  }

  /// 0 at `low` and 1 at `high`.
  package func share(of value: Double) -> Double {
    isLogarithmic
      ? (log(value) - log(low)) / (log(high) - log(low)) : (value - low) / (high - low)
  }

  /// The text of a tick, with enough digits to distinguish it from its neighbours.
  package func text(_ tick: Double) -> String {
    let magnitude = max(abs(low), abs(high))
    guard !isLogarithmic, magnitude < 1e6, step >= 1e-6 else { return Numbers.plain(tick) }
    if step >= 1 { return Numbers.grouped(Int(tick.rounded())).replacing("-", with: "−") }
    let digits = Int(ceil(-log10(step) - 1e-9))
    let scaled = Int((abs(tick) * pow(10, Double(digits))).rounded())
    let text = String(scaled)
    let padded = String(repeating: "0", count: max(digits + 1 - text.count, 0)) + text
    let sign = tick < 0 && scaled > 0 ? "−" : ""
    return "\(sign)\(padded.dropLast(digits)).\(padded.suffix(digits))"
  }
}
