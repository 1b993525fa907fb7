import Datasets
import Graphs
import Reports
import Training

/// What is needed to write examples: their shape, the names of their values, and the range of their
/// pixels.
package struct ExampleFacts {
  /// The shape of one example: `[H, W, C]` for an image, else the model's input.
  package let shape: [Int]
  /// `[H, W, C]`; `nil` if the examples are not images.
  package let imageShape: [Int]?
  /// One name per value.
  package let names: [String]
  /// The values of black and white in a picture.
  package let range: ClosedRange<Double>
  /// The scaling of the values as they were read, which is undone as they are written.
  package let scaling: FeatureScaling?
  /// The folder of a picture without `--output`.
  package let pictureFolder: String
  /// Further fields of a JSON object.
  package let facts: [(name: String, value: String)]

  /// A grid of these images.
  package var grid: ImageGrid? {
    imageShape.map { shape in
      var grid = ImageGrid(shape: shape)
      grid.range = Float(range.lowerBound)...Float(range.upperBound)
      return grid
    }
  }

  init(
    imageShape: [Int]?, input: Shape, featureNames: [String]?, window: Int?,
    range: ClosedRange<Double>,
    scaling: FeatureScaling?, pictureFolder: String, facts: [(name: String, value: String)]
  ) {
    self.imageShape = imageShape
    shape = imageShape ?? input.dimensions
    names =
      window.map { Self.names(window: $0, featureNames, input.count) }
      ?? featureNames ?? Self.names(imageShape, input.count)
    self.range = range
    self.scaling = scaling
    self.pictureFolder = pictureFolder
    self.facts = facts
  }

  /// `t5.flow` for the column `flow` in row 5 of a window, counted from 0; `t5.feature0` if the columns
  /// have no names.
  private static func names(window: Int, _ columns: [String]?, _ count: Int) -> [String] {
    let columns = columns ?? names(nil, count / window)
    return (0..<window).flatMap { row in columns.map { "t\(row).\($0)" } }
  }

  /// `y3x5` for the pixel in row 3 and column 5, counted from 0, followed by `c0` to `c2` in a colour
  /// image; `feature0` and so on for other data.
  private static func names(_ imageShape: [Int]?, _ count: Int) -> [String] {
    guard let imageShape else { return (0..<count).map { "feature\($0)" } }
    let (width, channels) = (imageShape[1], imageShape[2])
    return (0..<count).map { place in
      let pixel = place / channels
      return "y\(pixel / width)x\(pixel % width)" + (channels > 1 ? "c\(place % channels)" : "")
    }
  }
}
