import Glibc

/// Measures that are reported with pictures.
package enum Quality {
  /// The mean squared difference of two lists.
  package static func meanSquaredError(_ values: [Float], _ others: [Float]) -> Double {
    precondition(
      values.count == others.count && !values.isEmpty, "both lists must have the same length")
    var sum = 0.0
    for index in values.indices {
      let difference = Double(values[index]) - Double(others[index])
      sum += difference * difference
    }
    return sum / Double(values.count)
  }

  /// Peak signal-to-noise ratio in decibels, `10 log₁₀(peak² / MSE)` with the MSE over all values;
  /// infinite if all values are equal.
  package static func peakSignalToNoise(
    _ originals: [Float], _ reconstructions: [Float], peak: Double = 1
  ) -> Double {
    10 * log10(peak * peak / meanSquaredError(originals, reconstructions))
  }

  /// The fraction of codes whose nearest other code, by Euclidean distance, has the same label; of
  /// several at the same distance, the first counts.
  ///
  /// - `codes`: `[N, size]`, N at least 2. Takes N² · size steps.
  package static func sharedNeighbours(_ codes: [Float], size: Int, labels: [Int32]) -> Double {
    let count = labels.count
    precondition(
      codes.count == count * size && count > 1, "at least two codes with one label each are needed")
    let nearest = nearestNeighbours(codes, size: size)
    return Double(nearest.indices.count { labels[$0] == labels[nearest[$0]] }) / Double(count)
  }

  /// The index of each code's nearest other code.
  static func nearestNeighbours(_ codes: [Float], size: Int) -> [Int] {
    let count = codes.count / size
    // One feature after the other, so that sixteen codes are processed at a time; padding codes in
    // the
    // last block are infinitely far.
    let width = 16
    let blocks = (count + width - 1) / width
    var columns = [SIMD16<Float>](
      repeating: SIMD16(repeating: .infinity), count: size * blocks)
    for index in 0..<count {
      for feature in 0..<size {
        columns[index / width * size + feature][index % width] = codes[index * size + feature]
      }
    }
    return columns.withUnsafeBufferPointer { columns in
      (0..<count).map { index in
        nearest(to: index, code: codes[index * size..<(index + 1) * size], columns, blocks)
      }
    }
  }

  private static func nearest(
    to index: Int, code: ArraySlice<Float>, _ columns: UnsafeBufferPointer<SIMD16<Float>>,
    _ blocks: Int
  ) -> Int {
    let size = code.count
    return code.withUnsafeBufferPointer { code in
      var least = SIMD16<Float>(repeating: .infinity)
      var places = SIMD16<Int32>(repeating: -1)
      for block in 0..<blocks {
        var distance = SIMD16<Float>()
        for feature in 0..<size {
          let difference = columns[block * size + feature] - code[feature]
          distance += difference * difference
        }
        if block == index / 16 { distance[index % 16] = .infinity }
        let isNearer = distance .< least
        least.replace(with: distance, where: isNearer)
        places.replace(with: Int32(block), where: isNearer)
      }
      var best = index == 0 ? 1 : 0
      var bestDistance = Float.infinity
      for lane in 0..<16 where places[lane] >= 0 {
        let place = Int(places[lane]) * 16 + lane
        if least[lane] < bestDistance || least[lane] == bestDistance && place < best {
          (best, bestDistance) = (place, least[lane])
        }
      }
      return best
    }
  }
}
