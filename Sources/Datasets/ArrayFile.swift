/// NumPy files as data sets. An NPY file contains training examples; the arrays of an NPZ archive
/// are selected by their usual names (see `ArchiveArrays`) or by names in the options.
struct ArrayFile: Sendable {
  let path: String
  let options: DataOptions

  func loadNPY() throws(DatasetError) -> Dataset {
    var reader = try FileReader(path)
    let array = try NPY.decode(&reader, limit: options.rowLimit, place: path)
    var files = [try reader.finish()]
    var labels: [Int32]?
    if let path = options.label, InputFile.fileExtension(path) == "npy" {
      let own = try Self.labels(path, count: array.rowCount, limit: options.rowLimit)
      labels = own.labels
      files.append(own.file)
    }
    return Dataset(
      name: InputFile.lastComponent(path),
      training: try array.examples(
        labels: labels, mayMiss: options.missing != nil, place: path), test: nil, files: files,
      notes: [NPY.channelNote(array.shape, place: path)].compactMap(\.self))
  }

  func loadNPZ() throws(DatasetError) -> Dataset {
    var reader = try FileReader(path)
    _ = try reader.skipToEnd()
    let file = try reader.finish()
    var reading = try ArchiveReading(reader, options: options)
    let dataset = try reading.load()
    return Dataset(
      name: InputFile.lastComponent(path), training: dataset.training, test: dataset.test,
      files: [file], notes: reading.notes)
  }

  /// The labels in an NPY file.
  /// - Parameter count: the number of examples in the other file.
  static func labels(
    _ path: String, count: Int, limit: Int?
  ) throws(DatasetError) -> (labels: [Int32], file: DatasetFile) {
    var reader = try FileReader(path)
    let array = try NPY.decode(&reader, limit: limit, place: path)
    let labels = try array.labels(place: path)
    try check(array, count: count, place: path)
    return (labels, try reader.finish())
  }

  fileprivate static func check(
    _ labels: NPY, count: Int, place: String
  ) throws(DatasetError) {
    guard labels.rowCount == count else {
      throw .unexpected(
        place: place, expected: "one label per example, \(count) labels",
        received: "\(labels.rowCount) labels", advice: "save arrays that belong together")
    }
  }
}

/// One pass over an archive's arrays.
private struct ArchiveReading: ~Copyable {
  private let archive: ZipArchive
  private let arrays: ArchiveArrays
  private let options: DataOptions
  private var read: [String] = []
  private(set) var notes: [String] = []

  init(_ file: FileReader, options: DataOptions) throws(DatasetError) {
    archive = try ZipArchive(file)
    arrays = ArchiveArrays(members: archive.names)
    self.options = options
  }

  mutating func load() throws(DatasetError) -> (training: Examples, test: Examples?) {
    let name = try examplesName()
    let training = try examples(name, labels: options.label, limit: options.rowLimit)
    var test: Examples?
    if let testName = arrays.test(of: name), testName != name {
      let labels = options.label.flatMap { arrays.test(of: $0) }
      test = try examples(testName, labels: labels, limit: nil)
      guard test?.shape == training.shape else {
        throw .unexpected(
          place: place(testName),
          expected: "test examples of the training examples' shape \(training.shape)",
          received: "\(test?.shape ?? [])", advice: "save both with the same shape")
      }
    }
    let rest = arrays.names.filter { !read.contains($0) }
    if !rest.isEmpty {
      notes.append(
        "\(archive.path): read \(read.joined(separator: ", ")); not read: \(Self.list(rest)); "
          + "to read another array, add its name: \(archive.path):\(rest[0])")
    }
    return (training, test)
  }

  /// The array of training examples: the one in the options, the first with a usual name, or the
  /// only possible one.
  private func examplesName() throws(DatasetError) -> String {
    if let name = options.array {
      guard let known = arrays.first(of: [name]) else {
        throw .unexpected(
          place: archive.path, expected: "one of its arrays \(Self.list(arrays.names))",
          received: name, advice: "check the spelling")
      }
      return known
    }
    if let name = arrays.first(of: ArchiveArrays.examples) { return name }
    let shapes = arrays.names.map { ($0, shape($0)) }
    let candidates = shapes.filter { arrays.names.count == 1 || $0.1?.count ?? 0 > 1 }
    if candidates.count == 1 { return candidates[0].0 }
    guard let first = (candidates.first ?? shapes.first)?.0 else {
      throw .unexpected(
        place: archive.path, expected: "an archive of NumPy arrays",
        received: "one without a member that ends in .npy",
        advice: "save it with numpy.savez(path, x=…)")
    }
    throw .unexpected(
      place: archive.path, expected: "an array x_train, x or images, or only one array of examples",
      received: Self.list(shapes.map { name, shape in shape.map { "\(name) \($0)" } ?? name }),
      advice: "name the array, such as --data \(archive.path):\(first)")
  }

  /// The dimensions of an array of numbers; nil for other arrays.
  private func shape(_ name: String) -> [Int]? {
    guard let member = arrays.member(name), var reader = try? archive.open(member, place: name),
      let header = try? NPY.header(&reader, place: name).header, NPYType(header.type) != nil
    else { return nil }
    return header.shape
  }

  /// - Parameter labels: the array of labels in the options; nil: one with a usual name.
  private mutating func examples(
    _ name: String, labels asked: String?, limit: Int?
  ) throws(DatasetError) -> Examples {
    let array = try self.array(name, limit: limit)
    let labelsName: String?
    if let asked {
      labelsName = arrays.first(of: [asked])
      guard labelsName != nil else {
        throw .unexpected(
          place: archive.path,
          expected: "one of its arrays \(Self.list(arrays.names)) for labels", received: asked,
          advice: "check the spelling")
      }
    } else {
      labelsName = arrays.labels(of: name)
    }
    var labels: [Int32]?
    if let labelsName, labelsName != name {
      do throws(DatasetError) {
        let own = try self.array(labelsName, limit: limit)
        labels = try own.labels(place: place(labelsName))
        try ArrayFile.check(own, count: array.rowCount, place: place(labelsName))
      } catch .unexpected(let place, let expected, let received, let advice)
        where asked == nil && labels == nil
      {
        // Labels are optional, and an array with another meaning may have a usual name.
        notes.append(
          "read without labels: \(place): expected \(expected), received \(received); \(advice)")
      }
    }
    if let note = NPY.channelNote(array.shape, place: place(name)) { notes.append(note) }
    return try array.examples(
      labels: labels, mayMiss: options.missing != nil, place: place(name))
  }

  private mutating func array(_ name: String, limit: Int?) throws(DatasetError) -> NPY {
    var reader = try archive.open(arrays.member(name)!, place: place(name))
    read.append(name)
    return try NPY.decode(&reader, limit: limit, place: place(name))
  }

  private func place(_ name: String) -> String { "\(archive.path), array \(name)" }

  /// At most ten of the names.
  private static func list(_ names: [String]) -> String {
    names.prefix(10).map { $0.printable() }.joined(separator: ", ")
      + (names.count > 10 ? " and \(names.count - 10) more" : "")
  }
}
