/// NumPy's files as data sets: an NPY file is training examples; an NPZ archive names its arrays.
///
/// | array | what |
/// |---|---|
/// | `x_train`, `x`, `images` | training examples, `[N, …]` of bytes or floats |
/// | `y_train`, `y`, `labels` | their labels, `[N]` or `[N, 1]` of integers |
/// | `x_test`, `y_test` | test examples of the same shape and their labels |
///
/// Of several the first that is there counts, in upper or lower case. `[N, H, W]` is read as images
/// of one channel, `[N]` as examples of one feature.
struct ArrayFile: Sendable {
  let path: String

  func loadNPY() throws(DatasetError) -> Dataset {
    let (bytes, file) = try InputFile.read(path)
    let array = try NPY.decode(bytes, place: path)
    return Dataset(
      name: InputFile.lastComponent(path), training: try array.examples(labels: nil, place: path),
      test: nil, files: [file])
  }

  func loadNPZ() throws(DatasetError) -> Dataset {
    let (bytes, file) = try InputFile.read(path)
    let archive = try ZipArchive(bytes, path: path)
    let training = try examples(
      ["x_train", "x", "images"], ["y_train", "y", "labels"], in: archive)
    guard let training else {
      let names = archive.names.map(Self.arrayName)
      throw .unexpected(
        place: path, expected: "an array x_train, x or images",
        received: names.isEmpty ? "an empty archive" : names.joined(separator: ", "),
        advice: "save it with numpy.savez(path, x=…)")
    }
    let test = try examples(["x_test"], ["y_test"], in: archive)
    if let test, test.shape != training.shape {
      throw .unexpected(
        place: "\(path), array x_test",
        expected: "examples of the training examples' shape "
          + "\(training.shape)",
        received: "\(test.shape)", advice: "save both in one shape")
    }
    return Dataset(
      name: InputFile.lastComponent(path), training: training, test: test, files: [file])
  }

  /// The first array of these names with its labels, or nil where there is none.
  private func examples(
    _ names: [String], _ labelNames: [String], in archive: borrowing ZipArchive
  ) throws(DatasetError) -> Examples? {
    guard let (array, place) = try array(names, in: archive) else { return nil }
    guard let (labels, labelsPlace) = try self.array(labelNames, in: archive) else {
      return try array.examples(labels: nil, place: place)
    }
    let bytes = try labels.labels(place: labelsPlace)
    guard bytes.count == array.shape[0] else {
      throw .unexpected(
        place: labelsPlace, expected: "one label to each of \(array.shape[0]) examples",
        received: "\(bytes.count) labels", advice: "save arrays that belong together")
    }
    return try array.examples(labels: bytes, place: place)
  }

  private func array(
    _ names: [String], in archive: borrowing ZipArchive
  ) throws(DatasetError) -> (NPY, place: String)? {
    let members = archive.names.map { Self.arrayName($0).lowercased() }
    for name in names {
      guard let index = members.firstIndex(of: name) else { continue }
      let place = "\(path), array \(name)"
      var reader = try archive.open(index, place: place)
      return (try NPY.decode(&reader, place: place), place)
    }
    return nil
  }

  /// `x` of the member `x.npy`.
  private static func arrayName(_ member: String) -> String {
    member.hasSuffix(".npy") ? String(member.dropLast(4)) : member
  }
}

extension NPY {
  /// The array as examples, its first dimension counting them.
  func examples(labels: [Int32]?, place: String) throws(DatasetError) -> Examples {
    let elements: Examples.Elements
    switch self.elements {
    case .bytes(let bytes): elements = .bytes(bytes)
    case .floats(let floats): elements = .floats(floats)
    case .integers:
      throw .unexpected(
        place: place, expected: "bytes (u1) or floats (f4, f8) for examples", received: "integers",
        advice: "save array.astype('float32')")
    }
    let own = Array(shape.dropFirst())
    return Examples(
      count: shape[0], shape: own.isEmpty ? [1] : own.count == 2 ? own + [1] : own,
      elements: elements, labels: labels)
  }

  /// The array as labels.
  func labels(place: String) throws(DatasetError) -> [Int32] {
    guard shape.dropFirst().allSatisfy({ $0 == 1 }) else {
      throw .unexpected(
        place: place, expected: "one label to an example, [N] or [N, 1]", received: "\(shape)",
        advice: "save class numbers, such as array.argmax(axis=1)")
    }
    switch elements {
    case .bytes(let bytes): return bytes.map(Int32.init)
    case .integers(let integers):
      if let wrong = integers.first(where: { Int32(exactly: $0) == nil }) {
        throw .unexpected(
          place: place, expected: "labels that fit 32 bits", received: "\(wrong)",
          advice: "number the classes from 0")
      }
      return integers.map { Int32($0) }
    case .floats:
      throw .unexpected(
        place: place, expected: "labels that are integers", received: "floats",
        advice: "save array.astype('uint8')")
    }
  }
}
