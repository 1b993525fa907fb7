import Glibc

/// The ten digits as pen strokes, each in one or more ways of writing it.
///
/// A digit is 2 high and about 1.2 wide, centred at the origin, y down; a stroke is a polyline.
enum DigitShapes {
  typealias Point = SIMD2<Double>
  typealias Stroke = [Point]

  /// `[digit][way][stroke]`.
  static let all: [[[Stroke]]] = [
    [[arc(0, 0, 0.58, 1, from: -90, to: 270)]],
    [
      [[Point(-0.35, -0.62), Point(0.05, -1), Point(0.05, 1)]],
      [[Point(0, -1), Point(0, 1)]],
    ],
    [
      [arc(0, -0.45, 0.55, 0.55, from: 190, to: 398) + [Point(-0.58, 1), Point(0.62, 1)]]
    ],
    [
      [
        arc(-0.05, -0.5, 0.55, 0.5, from: 205, to: 450)
          + arc(-0.05, 0.5, 0.62, 0.5, from: 270, to: 515)
      ]
    ],
    [
      [
        [Point(-0.38, -1), Point(-0.6, 0.25), Point(0.62, 0.25)],
        [Point(0.3, -0.55), Point(0.26, 1)],
      ],
      [[Point(0.28, 1), Point(0.28, -1), Point(-0.62, 0.35), Point(0.62, 0.35)]],
    ],
    [
      [
        [Point(0.5, -1), Point(-0.4, -1), Point(-0.48, -0.1)]
          + arc(-0.02, 0.38, 0.6, 0.62, from: 225, to: 515)
      ]
    ],
    [
      [
        arc(0.45, 0.42, 1, 1.42, from: 265, to: 180)
          + arc(0, 0.42, 0.55, 0.58, from: 180, to: -180)
      ]
    ],
    [
      [[Point(-0.55, -1), Point(0.55, -1), Point(-0.15, 1)]],
      [
        [Point(-0.55, -1), Point(0.55, -1), Point(-0.15, 1)],
        [Point(-0.25, 0.02), Point(0.5, 0.02)],
      ],
    ],
    [
      [
        arc(0, -0.5, 0.46, 0.5, from: 90, to: 450) + arc(0, 0.5, 0.58, 0.5, from: -90, to: 270)
      ]
    ],
    [
      [
        arc(-0.02, -0.44, 0.52, 0.56, from: 0, to: -360)
          + arc(-0.7, -0.44, 1.2, 1.46, from: 0, to: 62)
      ]
    ],
  ]

  /// Part of an ellipse; angles in degrees, 0 to the right and 90 down, with a point every 12
  /// degrees or less.
  private static func arc(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, from start: Double, to end: Double
  ) -> Stroke {
    let steps = Int((abs(end - start) / 12).rounded(.up))
    return (0...steps).map { step in
      let angle = (start + (end - start) * Double(step) / Double(steps)) * Double.pi / 180
      return Point(x + width * cos(angle), y + height * sin(angle))
    }
  }
}
