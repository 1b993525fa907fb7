import Datasets
import Graphs
import Randoms
import Training

extension Examples {
  /// Random examples for a feed: no two alike, so that one taken for another shows. Numbers lie
  /// between 0 and 1, as cross-entropy wants them; where data have missing values, some are.
  /// - Parameters:
  ///   - shape: an example's.
  ///   - classes: how many, where examples have one.
  init(randomFor batches: FeedBatches, _ shape: Shape, classes: Int?) {
    let rows = batches.series?.rowCount ?? batches.exampleCount
    let count = rows * (shape.count / (batches.series?.window ?? 1))
    let random = Philox(seed: 24, stream: .sampling, step: UInt64(batches.feed.rawValue))
    let numbers = random.uniforms(count: count)
    let elements: Elements
    switch batches.elementType {
    case .uint8: elements = .bytes(numbers.map { UInt8($0 * 256) })
    case .float32, .float16, .bfloat16, .int32:
      let hasMissing = batches.presentShare < 1
      elements = .floats(
        numbers.enumerated().map { hasMissing && $0.offset % 7 == 3 ? .nan : $0.element })
    }
    self.init(
      count: batches.exampleCount, shape: shape.dimensions, elements: elements,
      labels: classes.map { classes in
        (0..<batches.exampleCount).map { Int32(($0 * 7 + $0 / 5) % classes) }
      },
      windows: batches.series.map {
        SeriesWindows(length: $0.window, starts: (0..<batches.exampleCount).map { Int32($0) })
      })
  }
}
