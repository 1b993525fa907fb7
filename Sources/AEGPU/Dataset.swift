import Datasets

/// Examples of one shape, with labels where they have some.
public struct Dataset: Hashable, Sendable {
  let content: Datasets.Dataset

  init(_ content: Datasets.Dataset) { self.content = content }

  /// A data set by its name, such as `digits`, or by a path: an array (`.npy`, `.npz`), a table
  /// (`.csv`), a folder of images or of IDX files.
  ///
  /// - Parameters:
  ///   - name: what `aegpu train --data` takes.
  ///   - label: of a table, the column of classes, which is no feature.
  ///   - directory: where data sets are looked for before the usual folders.
  /// - Throws: where there is none, or what it holds is no data set.
  public init(
    _ name: String, label: String? = nil, directory: String? = nil
  ) throws(AutoencoderError) {
    content = try telling {
      try .load(name, directory: directory, options: DataOptions(label: label))
    }
  }

  /// Examples of numbers.
  ///
  /// - Parameters:
  ///   - values: `[N] + shape`, row-major; finite.
  ///   - shape: of an example: `[features]`, `[steps, channels]`, or of images `[height, width, channels]`.
  ///   - labels: `[N]`, a class each, from 0; `nil` where there are none.
  ///   - name: for messages.
  /// - Throws: where the values do not fill whole examples, are not finite, or labels are not as many.
  public init(
    _ values: [Float], shape: [Int], labels: [Int]? = nil, name: String = "data"
  ) throws(AutoencoderError) {
    guard values.allSatisfy(\.isFinite) else {
      let place = values.firstIndex { !$0.isFinite }!
      throw AutoencoderError(
        "\(name): expected finite numbers, received \(values[place]) at place \(place)")
    }
    try self.init(.floats(values), shape: shape, labels: labels, name: name)
  }

  /// Examples of bytes, such as pixels, which count as 0 to 1 in most recipes.
  ///
  /// - Parameters:
  ///   - bytes: `[N] + shape`, row-major.
  ///   - shape: of an example: of images `[height, width, channels]`.
  ///   - labels: `[N]`, a class each, from 0; `nil` where there are none.
  ///   - name: for messages.
  /// - Throws: where the bytes do not fill whole examples, or labels are not as many.
  public init(
    bytes: [UInt8], shape: [Int], labels: [Int]? = nil, name: String = "data"
  ) throws(AutoencoderError) {
    try self.init(.bytes(bytes), shape: shape, labels: labels, name: name)
  }

  /// Rows of a table.
  ///
  /// - Parameters:
  ///   - rows: `N` of as many numbers each; they are scaled as `Double`, before they become `Float`.
  ///   - columns: what each feature is called.
  ///   - labels: `[N]`, a class each, from 0; `nil` where there are none.
  ///   - name: for messages.
  /// - Throws: where rows differ in length, or a number is not finite.
  public init(
    rows: [[Double]], columns: [String]? = nil, labels: [Int]? = nil, name: String = "data"
  ) throws(AutoencoderError) {
    let size = rows.first?.count ?? 0
    if let row = rows.firstIndex(where: { $0.count != size }) {
      throw AutoencoderError(
        "\(name): expected \(size) numbers in each row, as in the first, received "
          + "\(rows[row].count) in row \(row)")
    }
    if let row = rows.firstIndex(where: { !$0.allSatisfy(\.isFinite) }) {
      throw AutoencoderError("\(name): expected finite numbers, received others in row \(row)")
    }
    guard columns.map({ $0.count == size }) ?? true else {
      throw AutoencoderError(
        "\(name): expected a name for each of \(size) columns, received \(columns!.count)")
    }
    try self.init(
      .doubles(rows.flatMap(\.self)), shape: [size], labels: labels, name: name, columns: columns)
  }

  private init(
    _ elements: Examples.Elements, shape: [Int], labels: [Int]?, name: String,
    columns: [String]? = nil
  ) throws(AutoencoderError) {
    let (size, overflows) = shape.reduce((1, false)) { total, next in
      let (product, overflow) = total.0.multipliedReportingOverflow(by: next)
      return (product, total.1 || overflow || next < 1)
    }
    guard !shape.isEmpty, !overflows, elements.count > 0, elements.count % size == 0 else {
      throw AutoencoderError(
        "\(name): expected whole examples of shape \(shape), received \(elements.count) values")
    }
    let count = elements.count / size
    guard labels.map({ $0.count == count }) ?? true else {
      throw AutoencoderError(
        "\(name): expected a label for each of \(count) examples, received \(labels!.count)")
    }
    guard labels?.allSatisfy({ (0...Int(Int32.max)).contains($0) }) ?? true else {
      throw AutoencoderError("\(name): expected labels from 0, received others")
    }
    content = Datasets.Dataset(
      name: name,
      training: Examples(
        count: count, shape: shape, elements: elements, labels: labels?.map { Int32($0) }),
      test: nil, featureNames: columns)
  }

  /// What messages call it.
  public var name: String { content.name }

  /// How many examples there are, without those of `test`.
  public var count: Int { content.training.count }

  /// The shape of an example.
  public var shape: [Int] { content.training.shape }

  /// The class of each example, `[count]`; `nil` where there are none.
  public var labels: [Int]? { content.training.labels?.map { Int($0) } }

  /// What the data set itself holds back for tests; `nil` where it has nothing.
  public var test: Dataset? {
    content.test.map { test in
      Dataset(
        Datasets.Dataset(
          name: content.name + ", test", training: test, test: nil, labelNames: content.labelNames,
          featureNames: content.featureNames))
    }
  }

  /// The examples of a range within `0..<count`.
  public subscript(range: Range<Int>) -> Dataset {
    Dataset(
      Datasets.Dataset(
        name: content.name, training: content.training[range], test: nil,
        labelNames: content.labelNames, featureNames: content.featureNames))
  }
}
