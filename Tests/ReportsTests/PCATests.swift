import Randoms
import Reports
import Testing

@Suite struct PCATests {
  /// Rows of `features` normal numbers, feature `f` stretched by `f + 1`, mixed and moved.
  private func rows(_ count: Int, _ features: Int) -> [Float] {
    let normals = Philox(seed: 7, stream: .sampling).normals(count: count * features)
    return (0..<count).flatMap { row -> [Float] in
      (0..<features).map { feature in
        let own = normals[row * features + feature] * Float(feature + 1)
        return own + 0.5 * normals[row * features] + 10
      }
    }
  }

  /// Points on a line: by hand.
  @Test func findsALine() throws {
    let pca = try PCA([0, 0, 3, 4, 6, 8, 9, 12], featureCount: 2, components: 1)
    close(pca.mean, [4.5, 6])
    close(pca.components, [0.6, 0.8])
    // Distances along the line are -7.5, -2.5, 2.5, 7.5: 125 over N − 1.
    close(pca.explainedVariance, [125.0 / 3])
    close(pca.explainedShare, [1])
    close(pca.project([0, 0, 4.5, 6]).map(Double.init), [-7.5, 0])
    #expect(pca.reconstructionMSE([0, 0, 3, 4, 6, 8, 9, 12]) < 1e-20)
    // The error is perpendicular to the line: (−0.8, 0.6) has length 1, half of it per feature.
    close([pca.reconstructionMSE([4.5 - 0.8, 6 + 0.6])], [0.5], tolerance: 1e-6)
    // One error to each row.
    close(pca.errors(of: [4.5, 6, 4.5 - 0.8, 6 + 0.6]), [0, 0.5], tolerance: 1e-6)
    // The same before the features were doubled and quadrupled: (−0.4, 0.15).
    close(
      [pca.reconstructionMSE([4.5 - 0.8, 6 + 0.6], factor: [2, 4])], [(0.16 + 0.0225) / 2],
      tolerance: 1e-6)
  }

  /// The definition of eigenvectors, with a covariance computed here; more rows than one block.
  @Test(arguments: [
    (50, 3, 3), (1500, 9, 4), (2, 5, 1), (20, 40, 10), (12, 300, 11), (3, 5000, 2), (40, 40, 39),
  ])
  func componentsAreEigenvectors(count: Int, features: Int, components: Int) throws {
    let values = rows(count, features)
    let pca = try PCA(values, featureCount: features, components: components)
    let mean = (0..<features).map { feature in
      (0..<count).reduce(0.0) { $0 + Double(values[$1 * features + feature]) } / Double(count)
    }
    close(pca.mean, mean)
    var total = 0.0
    let covariance = (0..<features).map { a in
      (0..<features).map { b in
        (0..<count).reduce(0.0) { sum, row in
          sum + (Double(values[row * features + a]) - mean[a])
            * (Double(values[row * features + b]) - mean[b])
        } / Double(count - 1)
      }
    }
    for feature in 0..<features { total += covariance[feature][feature] }
    close([pca.totalVariance], [total])
    for place in 0..<components {
      let vector = Array(pca.components[place * features..<(place + 1) * features])
      let product = covariance.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
      close(product, vector.map { $0 * pca.explainedVariance[place] }, tolerance: 1e-9)
      close([vector.reduce(0) { $0 + $1 * $1 }], [1])
      #expect(vector.max { abs($0) < abs($1) }! > 0)
      if place > 0 { #expect(pca.explainedVariance[place] <= pca.explainedVariance[place - 1]) }
    }
    // Together with what the components leave, per feature and over N, the variance is whole.
    let left = pca.reconstructionMSE(values) * Double(features * count) / Double(count - 1)
    close([pca.explainedVariance.reduce(0, +) + left], [total], tolerance: 1e-9 * total)
    let codes = pca.project(values)
    let there = values.indices.map { index in
      (0..<components).reduce(Float(mean[index % features])) { sum, place in
        sum + codes[index / features * components + place]
          * Float(pca.components[place * features + index % features])
      }
    }
    let error = Quality.meanSquaredError(values, there)
    close([error], [pca.reconstructionMSE(values)], tolerance: 1e-5)
  }

  /// Fewer rows than features: the same as of the transposed problem's other side. The same rows
  /// twice have the components of the rows once; six of them are the way over the covariance.
  @Test func wideDataHasTheComponentsOfTheCovariance() throws {
    let wide = rows(5, 8)
    let tall = wide + wide + wide
    let pca = try PCA(wide, featureCount: 8, components: 4)
    let other = try PCA(tall, featureCount: 8, components: 4)
    close(pca.components, other.components, tolerance: 1e-9)
    close(pca.explainedVariance.map { $0 * 4 / 5 }, other.explainedVariance.map { $0 * 14 / 15 })
    close(pca.errors(of: wide), other.errors(of: wide), tolerance: 1e-9)
  }

  /// numpy's `svd` of the same needs a fiftieth of a second; the covariance took minutes.
  @Test func wideDataIsQuick() throws {
    let start = ContinuousClock.now
    let pca = try PCA(rows(12, 3000), featureCount: 3000, components: 2)
    #expect(pca.componentCount == 2)
    #expect(ContinuousClock.now - start < .seconds(2))
  }

  /// Five points have four directions, equal ones none; a plane has two in any space.
  @Test func thereAreNoMoreComponentsThanTheRank() throws {
    #expect(try PCA(rows(5, 8), featureCount: 8, components: 8).componentCount == 4)
    let plane = (0..<20).flatMap { row -> [Float] in
      let (a, b) = (Float(row % 5), Float(row / 5))
      return [a, b, a + b, a - b]
    }
    #expect(try PCA(plane, featureCount: 4, components: 4).componentCount == 2)
    for count in [2, 3, 9] {
      let equal = [Float](repeating: 7, count: 3 * count)
      let pca = try PCA(equal, featureCount: 3, components: 2)
      #expect(pca.componentCount == 0)
      #expect(pca.project(equal) == [])
      close(pca.errors(of: [7, 7, 10]), [3])
    }
  }

  @Test func errorsOfEachRow() throws {
    let pca = try PCA([0, 0, 3, 4, 6, 8, 9, 12], featureCount: 2, components: 1)
    let errors = pca.errors(of: [0, 0, 4.5 - 0.8, 6 + 0.6, 4.5 - 1.6, 6 + 1.2])
    close(errors, [0, 0.5, 2], tolerance: 1e-6)
  }

  @Test func namesValuesThatAreNotFinite() {
    do throws(ReportError) {
      _ = try PCA([1, 2, .nan, 4], featureCount: 2, components: 1)
      Issue.record("found components")
    } catch {
      #expect(
        error.description
          == "PCA: expected finite values, received LAPACK's dsyevr status -6; check for values "
          + "that are not finite")
    }
  }

  private func close(
    _ values: [Double], _ expected: [Double], tolerance: Double = 1e-10,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(values.count == expected.count, sourceLocation: sourceLocation)
    for (value, expected) in zip(values, expected) {
      #expect(
        value.isFinite && abs(value - expected) <= tolerance + 1e-9 * abs(expected),
        sourceLocation: sourceLocation)
    }
  }
}

@Suite struct QualityTests {
  @Test func measuresPeakSignalToNoise() {
    // MSE 0.01 is 20 dB; against a peak of 255, MSE 1 is 48.13 dB.
    #expect(abs(Quality.peakSignalToNoise([0, 1], [0.1, 0.9]) - 20) < 1e-5)
    #expect(abs(Quality.peakSignalToNoise([0, 9], [1, 8], peak: 255) - 48.130803) < 1e-5)
    #expect(Quality.peakSignalToNoise([1, 0], [1, 0]) == .infinity)
  }

  @Test func countsNeighboursOfTheSameLabel() {
    // On a line: 0 and 1 are each other's nearest, 3's is 1, 10 and 11 each other's.
    let codes: [Float] = [0, 10, 1, 11, 3]
    #expect(Quality.sharedNeighbours(codes, size: 1, labels: [1, 2, 1, 2, 1]) == 1)
    #expect(Quality.sharedNeighbours(codes, size: 1, labels: [1, 2, 1, 3, 1]) == 0.6)
    #expect(Quality.sharedNeighbours(codes, size: 1, labels: [1, 2, 3, 4, 5]) == 0)
    // Equally near: the first counts. Equal codes are neighbours.
    #expect(Quality.sharedNeighbours([0, -1, 1], size: 1, labels: [7, 7, 8]) == 2.0 / 3)
    #expect(Quality.sharedNeighbours([5, 5], size: 1, labels: [7, 7]) == 1)
  }

  /// Blocks of sixteen against a plain search, over awkward counts.
  @Test(arguments: [2, 15, 16, 17, 33, 257], [1, 2, 5])
  func findsWhatAPlainSearchFinds(count: Int, size: Int) {
    let codes = Philox(seed: UInt64(count), stream: .sampling).normals(count: count * size)
    let labels = (0..<count).map { Int32($0 % 3) }
    func distance(_ a: Int, _ b: Int) -> Float {
      (0..<size).reduce(0) { sum, feature in
        let difference = codes[a * size + feature] - codes[b * size + feature]
        return sum + difference * difference
      }
    }
    let shared = (0..<count).count { index in
      let others = (0..<count).filter { $0 != index }
      return labels[others.min { distance(index, $0) < distance(index, $1) }!] == labels[index]
    }
    #expect(
      Quality.sharedNeighbours(codes, size: size, labels: labels) == Double(shared) / Double(count))
  }
}
