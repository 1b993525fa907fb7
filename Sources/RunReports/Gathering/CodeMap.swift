import Analyses
import Reports
import Training

/// The codes of examples as points in a plane.
package struct CodeMap: Hashable, Sendable {
  package struct Card: Hashable, Sendable {
    /// The index of the point.
    package var index: Int
    package var name: String
    /// The example, if it is an image.
    package var image: [Float]?

    package init(index: Int, name: String, image: [Float]? = nil) {
      (self.index, self.name, self.image) = (index, name, image)
    }
  }

  /// The size of a code.
  package var codeSize: Int
  /// `[N, 2]`
  package var points: [Float]
  /// The fraction of the codes' variance along each axis, if the axes are principal components.
  package var explained: [Double]?
  package var labels: [Int32]?
  package var labelNames: [String]?
  package var cards: [Card]
  package var grid: ImageGrid?
  /// The number of all examples; the points are an evenly spaced subset.
  package var total: Int

  package init(
    codeSize: Int, points: [Float], explained: [Double]? = nil, labels: [Int32]? = nil,
    labelNames: [String]? = nil, cards: [Card] = [], grid: ImageGrid? = nil, total: Int
  ) {
    (self.codeSize, self.points, self.explained) = (codeSize, points, explained)
    (self.labels, self.labelNames) = (labels, labelNames)
    (self.cards, self.grid, self.total) = (cards, grid, total)
  }
}

/// Statistics of the codes of all examples, and the codes of some.
struct CollectedCodes {
  var statistics: CodeStatistics
  /// The rows whose codes are kept, evenly spaced.
  var rows: [Int]
  /// `[rows, size]`
  var values: [Float]
}

extension Asked {
  private static let mostPoints = 2000
  private static let mostCards = 90

  func collectedCodes() throws -> CollectedCodes {
    let size = try recipe.model.codeShape().count
    let most = min(count, Self.mostPoints)
    var found = CollectedCodes(
      statistics: CodeStatistics(units: size), rows: (0..<most).map { $0 * count / most },
      values: [])
    var next = 0
    try model.encode(outputs: ["code"]) { rows, batch in
      let codes = batch["code"]!
      found.statistics.add(codes)
      while next < most, rows.contains(found.rows[next]) {
        let start = (found.rows[next] - rows.lowerBound) * size
        found.values += codes[start..<start + size]
        next += 1
      }
    }
    return found
  }

  /// `nil` for codes of one number.
  func codeMap(_ codes: CollectedCodes) throws -> CodeMap? {
    let size = codes.statistics.units
    guard size > 1, codes.rows.count > 2 else { return nil }
    guard codes.values.allSatisfy(\.isFinite) else { throw AnalysisError.codesNotFinite }
    var map = CodeMap(
      codeSize: size, points: codes.values, cards: [], grid: grid, total: count)
    if size > 2 {
      let (count, kept) = (codes.rows.count, min(codes.rows.count, Self.codeCount(size)))
      let fitted = (0..<kept).flatMap { place in
        let start = place * count / kept * size
        return codes.values[start..<start + size]
      }
      let pca = try PCA(fitted, featureCount: size, components: 2)
      map.points = pca.coordinates(codes.values, axes: 2)
      map.explained = pca.explainedShare + (pca.componentCount < 2 ? [0] : [])
    }
    map.labels = shown.examples.labels.map { labels in codes.rows.map { labels[$0] } }
    map.labelNames = shown.labelNames
    let chosen = SpreadPoints.choose(map.points, most: Self.mostCards)
    map.cards = chosen.map { index in
      let row = codes.rows[index]
      return CodeMap.Card(
        index: index, name: name(ofRow: row), image: grid.map { _ in original(ofRow: row) })
    }
    return map
  }
}

/// Chooses points that are far apart.
enum SpreadPoints {
  /// The first point of each square of a grid over the plane; the grid is chosen to give about
  /// `most` points.
  /// - `points`: `[N, 2]`.
  static func choose(_ points: [Float], most: Int) -> [Int] {
    let (xs, ys) = (
      stride(from: 0, to: points.count, by: 2).map { points[$0] },
      stride(from: 1, to: points.count, by: 2).map { points[$0] }
    )
    guard let left = xs.min(), let right = xs.max(), let low = ys.min(), let high = ys.max() else {
      return []
    }
    var chosen: [Int] = []
    for side in stride(from: 4, through: 24, by: 1) {
      var taken: Set<Int> = []
      let found = xs.indices.filter { index in
        let column = square(xs[index], left, right, side)
        return taken.insert(side * square(ys[index], low, high, side) + column).inserted
      }
      if found.count > most { break }
      chosen = found
    }
    return chosen
  }

  private static func square(_ value: Float, _ low: Float, _ high: Float, _ side: Int) -> Int {
    low < high ? min(Int((value - low) / (high - low) * Float(side)), side - 1) : 0
  }
}
