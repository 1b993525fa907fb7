import Glibc

/// The structural similarity index of two images; 1 for equal images. Wang, Bovik, Sheikh and
/// Simoncelli, *Image Quality Assessment: From Error Visibility to Structural Similarity* (2004).
///
/// With means μ, variances σ² and covariance σxy under a window of Gaussian weights that slides over
/// the image, `(2 μx μy + C₁)(2 σxy + C₂) / ((μx² + μy² + C₁)(σx² + σy² + C₂))`, `C₁ = (0.01 R)²`,
/// `C₂ = (0.03 R)²`, R the range of the values. The window is 11 wide with standard deviation 1.5;
/// variances are weighted population variances. The index is the mean over all positions where the
/// window is within the image, and over the channels: scikit-image's `structural_similarity` with
/// `gaussian_weights=True, use_sample_covariance=False`.
package struct StructuralSimilarity: Hashable, Sendable {
  package let height: Int
  package let width: Int
  package let channels: Int
  /// R: the difference between the largest and the smallest possible value.
  package let range: Double
  /// The window width: 11, or the largest odd number that fits a smaller image.
  package var window: Int { weights.count }
  private let weights: [Double]

  /// The window of the paper.
  package static let usualWindow = 11

  /// - `shape`: `[H, W, C]` of one image.
  package init(shape: [Int], range: Double) {
    precondition(shape.count == 3 && shape.allSatisfy { $0 > 0 }, "an image must be [H, W, C]")
    precondition(range > 0, "the range must be above 0")
    (height, width, channels) = (shape[0], shape[1], shape[2])
    self.range = range
    let fitting = min(height, width)
    let radius = min(Self.usualWindow, fitting - (fitting % 2 == 0 ? 1 : 0)) / 2
    let weights = (-radius...radius).map { exp(-Double($0 * $0) / (2 * 1.5 * 1.5)) }
    let sum = weights.reduce(0, +)
    self.weights = weights.map { $0 / sum }
  }

  /// The index of each of N image pairs.
  /// - `images`, `others`: `[N, H, W, C]`.
  package func callAsFunction(_ images: [Float], _ others: [Float]) -> [Double] {
    let size = height * width * channels
    precondition(
      images.count == others.count && images.count % size == 0, "both must be whole images")
    return stride(from: 0, to: images.count, by: size).map { start in
      (0..<channels).reduce(0) { sum, channel in
        let places = stride(from: start + channel, to: start + size, by: channels)
        return sum + mean(places.map { Double(images[$0]) }, places.map { Double(others[$0]) })
      } / Double(channels)
    }
  }

  /// The mean index of one channel, `[H, W]` each.
  private func mean(_ x: [Double], _ y: [Double]) -> Double {
    let (c1, c2) = (0.01 * range * (0.01 * range), 0.03 * range * (0.03 * range))
    let (meanX, meanY) = (averages(x), averages(y))
    let squaresX = averages(x.map { $0 * $0 })
    let squaresY = averages(y.map { $0 * $0 })
    let products = averages(x.indices.map { x[$0] * y[$0] })
    var sum = 0.0
    for place in meanX.indices {
      let (a, b) = (meanX[place], meanY[place])
      let (varianceX, varianceY) = (squaresX[place] - a * a, squaresY[place] - b * b)
      let covariance = products[place] - a * b
      sum +=
        (2 * a * b + c1) * (2 * covariance + c2)
        / ((a * a + b * b + c1) * (varianceX + varianceY + c2))
    }
    return sum / Double(meanX.count)
  }

  /// The weighted mean at every position where the window fits, along the rows and then along the
  /// columns.
  private func averages(_ values: [Double]) -> [Double] {
    let (across, down) = (width - window + 1, height - window + 1)
    var rows = [Double](repeating: 0, count: height * across)
    for row in 0..<height {
      for column in 0..<across {
        var sum = 0.0
        for (offset, weight) in weights.enumerated() {
          sum += weight * values[row * width + column + offset]
        }
        rows[row * across + column] = sum
      }
    }
    var result = [Double](repeating: 0, count: down * across)
    for place in result.indices {
      var sum = 0.0
      for (offset, weight) in weights.enumerated() {
        sum += weight * rows[place + offset * across]
      }
      result[place] = sum
    }
    return result
  }
}
