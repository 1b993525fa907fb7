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
    var suspects = 0
    // No early end, so that it is a loop over vectors; of NaN nothing is true.
    received.withUnsafeBufferPointer { received in
      expected.withUnsafeBufferPointer { expected in
        for index in received.indices {
          let difference = abs(received[index] - expected[index])
          suspects &+= difference <= absolute + relative * abs(expected[index]) ? 0 : 1
        }
      }
    }
    guard suspects > 0 else { return }
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

/// The largest absolute value; NaN where there is one.
package func largest(_ values: [Float]) -> Double {
  var (least, most, sum) = (Float(0), Float(0), Float(0))
  values.withUnsafeBufferPointer { values in
    for value in values {
      least = value < least ? value : least
      most = value > most ? value : most
      sum += value * 0
    }
  }
  return sum.isNaN ? .nan : Double(max(most, -least))
}

/// The largest absolute difference of values, one by one; NaN where one is.
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
