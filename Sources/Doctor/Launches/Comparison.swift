import Plans

/// How far values lie from those that were expected.
package struct Comparison {
  /// How many are too far off.
  package private(set) var wrongCount = 0
  /// The one that is furthest off.
  package private(set) var index = 0

  /// - Parameter excused: which elements may have any value.
  package init(
    _ received: [Float], with expected: [Float], _ tolerance: Tolerance,
    excused: (Int) -> Bool = { _ in false }
  ) {
    precondition(received.count == expected.count, "values are compared one by one")
    let (absolute, relative) = (Float(tolerance.absolute), Float(tolerance.relative))
    var suspicion: UInt32 = 0
    // No early end, so that it is a loop over vectors; of NaN nothing is true.
    received.withUnsafeBufferPointer { received in
      expected.withUnsafeBufferPointer { expected in
        for index in received.indices {
          let difference = abs(received[index] - expected[index])
          suspicion |= difference <= absolute + relative * abs(expected[index]) ? 0 : 1
        }
      }
    }
    guard suspicion > 0 else { return }
    var worst = -Float.infinity
    for index in received.indices {
      let difference = abs(received[index] - expected[index])
      let excess = difference - (absolute + relative * abs(expected[index]))
      guard !(excess <= 0), !excused(index) else { continue }
      wrongCount += 1
      let size = excess.isNaN ? .infinity : excess
      if size > worst { (worst, self.index) = (size, index) }
    }
  }
}

/// The largest absolute value; NaN where one is not finite.
package func largest(_ values: [Float]) -> Double {
  // Without their signs, floats are in the order of their bits as integers, NaN behind infinity.
  var most: UInt32 = 0
  values.withUnsafeBufferPointer { values in
    for value in values { most = max(most, value.bitPattern & 0x7FFF_FFFF) }
  }
  let size = Float(bitPattern: most)
  return size.isFinite ? Double(size) : .nan
}

/// The largest absolute difference of values, one by one; NaN where one is not finite.
func largestDifference(_ values: [Float], _ others: [Float]) -> Double {
  precondition(values.count == others.count, "values are compared one by one")
  let differences = [Float](unsafeUninitializedCapacity: values.count) { place, count in
    for index in values.indices {
      place.initializeElement(at: index, to: values[index] - others[index])
    }
    count = values.count
  }
  return largest(differences)
}
