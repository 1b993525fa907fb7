import Testing

/// Every value within `tolerance` of its reference, absolute and relative.
func expectClose(
  _ values: [Double], _ expected: [Double], tolerance: Double = 1e-12,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(values.count == expected.count, sourceLocation: sourceLocation)
  for (value, expected) in zip(values, expected) {
    let isClose = value.isFinite && abs(value - expected) <= tolerance * (1 + abs(expected))
    #expect(isClose, "\(value), expected \(expected)", sourceLocation: sourceLocation)
  }
}
