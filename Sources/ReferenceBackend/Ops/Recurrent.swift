import Foundation
import Graphs
import Plans

/// Helpers of recurrent layers.
extension ReferenceExecutable {
  func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// `h U` of one step, 0 if there is none.
  func recurrentSums(
    _ h: [Double], _ step: Int?, _ u: [Double], _ units: Int
  ) -> [Double] {
    let columns = u.count / units
    guard let step else { return [Double](repeating: 0, count: columns) }
    return (0..<columns).map { column in
      (0..<units).reduce(0) { $0 + h[step * units + $1] * u[$1 * columns + column] }
    }
  }

  /// `d Uᵀ` of one step.
  func carriedBack(
    _ d: [Double], _ step: Int, _ u: [Double], _ units: Int
  ) -> [Double] {
    let columns = u.count / units
    return (0..<units).map { unit in
      (0..<columns).reduce(0) { $0 + d[step * columns + $1] * u[unit * columns + $1] }
    }
  }
}
