/// Maps values from 0 to 1 to colours; values outside are clamped, and those that are not finite
/// count as 0.
package enum Palette: String, CaseIterable, Hashable, Sendable {
  /// 0 black, 1 white.
  case gray
  /// 0 white, 1 black: dark digits on light.
  case inverted
  /// Blue, cyan, yellow, red: MATLAB's `jet`, piecewise linear.
  case jet

  /// The channels of the picture for images of this many channels.
  func channels(_ imageChannels: Int) -> Int { self == .jet ? 3 : imageChannels }

  func shades(_ value: Float) -> [UInt8] {
    let bounded = value.isFinite ? min(max(value, 0), 1) : 0
    switch self {
    case .gray: return [Self.byte(bounded)]
    case .inverted: return [Self.byte(1 - bounded)]
    case .jet:
      // Each channel is a trapezoid: 1 within an eighth of its centre, 0 beyond three eighths.
      return [0.75, 0.5, 0.25].map { centre in
        Self.byte(min(max(1.5 - abs(4 * (bounded - centre)), 0), 1))
      }
    }
  }

  private static func byte(_ value: Float) -> UInt8 { UInt8(value * 255 + 0.5) }
}
