import Randoms

/// Clusters of codes: the start of a mixture fit.
enum KMeans {
  /// The cluster of each code, `[N]`; no cluster is empty if there are enough different codes.
  ///
  /// The initial centres are drawn by k-means++, each with a probability proportional to its
  /// squared distance from the nearest centre so far (Arthur and Vassilvitskii, 2007). Then centres
  /// move to the means of their clusters until no code changes its cluster, at most `rounds` times
  /// (Lloyd, 1982).
  /// - `codes`: `[N, units]`.
  static func groups(
    of codes: [Double], units: Int, count groupCount: Int, seed: UInt64, rounds: Int = 50
  ) -> [Int] {
    let count = codes.count / units
    var centres = firstCentres(codes, units, groupCount, seed)
    var groups = [Int](repeating: -1, count: count)
    for _ in 0..<rounds {
      let before = groups
      for row in 0..<count { groups[row] = nearest(row, codes, units, centres).group }
      if groups == before { break }
      var sums = [Double](repeating: 0, count: groupCount * units)
      var sizes = [Int](repeating: 0, count: groupCount)
      for (row, group) in groups.enumerated() {
        sizes[group] += 1
        for unit in 0..<units { sums[group * units + unit] += codes[row * units + unit] }
      }
      for index in sums.indices where sizes[index / units] > 0 {
        centres[index] = sums[index] / Double(sizes[index / units])
      }
    }
    return groups
  }

  private static func firstCentres(
    _ codes: [Double], _ units: Int, _ groupCount: Int, _ seed: UInt64
  ) -> [Double] {
    let count = codes.count / units
    let chances = Philox(seed: seed, stream: .mixture).uniforms(count: groupCount).map(Double.init)
    var row = Int(chances[0] * Double(count))
    var centres = Array(codes[row * units..<(row + 1) * units])
    for group in 1..<max(groupCount, 1) {
      let distances = (0..<count).map { nearest($0, codes, units, centres).distance }
      var left = chances[group] * distances.reduce(0, +)
      // Rounding may leave a remainder: then the last code that is not a centre.
      row = distances.lastIndex { $0 > 0 } ?? 0
      for (candidate, distance) in distances.enumerated() where distance > 0 {
        left -= distance
        if left < 0 {
          row = candidate
          break
        }
      }
      centres += codes[row * units..<(row + 1) * units]
    }
    return centres
  }

  /// The nearest centre (the first of equally near ones), and its squared distance.
  private static func nearest(
    _ row: Int, _ codes: [Double], _ units: Int, _ centres: [Double]
  ) -> (group: Int, distance: Double) {
    var best = (group: 0, distance: Double.infinity)
    for start in stride(from: 0, to: centres.count, by: units) {
      var distance = 0.0
      for unit in 0..<units {
        let difference = codes[row * units + unit] - centres[start + unit]
        distance += difference * difference
      }
      if distance < best.distance { best = (start / units, distance) }
    }
    return best
  }
}
