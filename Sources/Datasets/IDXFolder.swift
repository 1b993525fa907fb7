/// A folder with four IDX files like those of MNIST, each gzip or not.
struct IDXFolder: Sendable {
  let path: String

  static let fileNames = [
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
  ]

  /// The first folder of this data set's name that contains at least one of the four files.
  ///
  /// Throws `.notFound` with the searched folders; `package` is the Debian package, if there is
  /// one.
  static func find(
    _ name: String, in folders: DataFolders, package: String?
  ) throws(DatasetError) -> IDXFolder {
    let searched = folders.paths.map { $0 + "/" + name }
    for path in searched {
      let candidate = IDXFolder(path: path)
      if candidate.hasFiles { return candidate }
    }
    throw .notFound(name: name, searched: searched, package: package)
  }

  /// Whether at least one of the four files exists.
  var hasFiles: Bool {
    Self.fileNames.contains { file($0) != nil }
  }

  /// Reads the four files: images `[count, H, W]` become examples `[H, W, 1]` with labels; at most
  /// `limit` training examples.
  ///
  /// Throws if a file is missing or malformed, if the numbers of images and labels differ, if the
  /// test images have another shape, or if a label has no class name.
  func load(
    name: String, labelNames: [String]?, limit: Int? = nil
  ) throws(DatasetError) -> Dataset {
    var files: [DatasetFile] = []
    let training = try examples("train", labelNames: labelNames, limit: limit, files: &files)
    let test = try examples("t10k", labelNames: labelNames, limit: nil, files: &files)
    guard test.shape == training.shape else {
      throw .shapesDiffer(path: files[2].path, expected: training.shape, received: test.shape)
    }
    return Dataset(
      name: name, training: training, test: test, files: files, labelNames: labelNames)
  }

  private func examples(
    _ part: String, labelNames: [String]?, limit: Int?, files: inout [DatasetFile]
  ) throws(DatasetError) -> Examples {
    let images = try read(part + "-images-idx3-ubyte", rank: 3, limit: limit, files: &files)
    let labels = try read(part + "-labels-idx1-ubyte", rank: 1, limit: limit, files: &files)
    let path = files[files.count - 1].path
    guard labels.rowCount == images.rowCount else {
      throw .countsDiffer(path: path, images: images.rowCount, labels: labels.rowCount)
    }
    if let labelNames, let label = labels.bytes.first(where: { $0 >= labelNames.count }) {
      throw .labelOutOfRange(path: path, label: label, classes: labelNames.count)
    }
    return Examples(
      count: images.shape[0], shape: [images.shape[1], images.shape[2], 1],
      elements: .bytes(images.bytes), labels: labels.bytes.map(Int32.init))
  }

  private func read(
    _ fileName: String, rank: Int, limit: Int?, files: inout [DatasetFile]
  ) throws(DatasetError) -> IDX {
    guard let path = file(fileName) else {
      throw .missingFile(folder: path, name: fileName)
    }
    let (array, file) = try IDX.read(path, rank: rank, limit: limit)
    files.append(file)
    return array
  }

  /// The path of a file: the plain one if it exists, else the gzip one.
  private func file(_ name: String) -> String? {
    ["", ".gz"].map { "\(path)/\(name)\($0)" }.first(where: InputFile.exists)
  }
}
