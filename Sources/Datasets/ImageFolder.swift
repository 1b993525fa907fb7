/// A folder of PNG and JPEG images: those in a subfolder are of the class that it names, those
/// beside one another have no class. Where there are folders `train` and `test`, each is such a
/// folder.
///
/// Names beginning with a dot and files of other endings are passed over; names are sorted, so the
/// order is the same everywhere. The folder counts as one file, whose hash is that of the lines
/// `<SHA-256>  <path within the folder>` in the order read, as `sha256sum` prints them.
struct ImageFolder: Sendable {
  let path: String

  /// - `shape`: `[H, W, C]` to resize to; nil asks that all images are of the first one's size.
  func load(shape: [Int]?) throws(DatasetError) -> Dataset {
    var path = path
    while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
    var reading = Reading(root: path, shape: shape)
    let hasParts = InputFile.isFolder(path + "/train")
    let (training, names) = try reading.examples(in: hasParts ? "train/" : "")
    var dataset = Dataset(
      name: InputFile.lastComponent(path), training: training, test: nil, labelNames: names)
    if hasParts, InputFile.isFolder(path + "/test") {
      let (test, testNames) = try reading.examples(in: "test/")
      let other = Dataset(name: path + "/test", training: test, test: nil, labelNames: testNames)
      dataset = Dataset(
        name: dataset.name, training: training, test: try dataset.validation(from: other),
        labelNames: names)
    }
    return Dataset(
      name: dataset.name, training: dataset.training, test: dataset.test,
      files: [DatasetFile(path: path, sha256: try reading.finish())], labelNames: names)
  }
}

/// What one pass over the images gathers.
private struct Reading {
  private let root: String
  private var shape: [Int]?
  /// The first image, which sets the shape where none was asked for.
  private var first: String?
  private var list = ""

  init(root: String, shape: [Int]?) {
    self.root = root
    self.shape = shape
  }

  /// The hash of the list of files and their hashes.
  func finish() throws(DatasetError) -> String {
    var hash = try SHA256()
    Array(list.utf8).withUnsafeBytes { hash.update($0) }
    return hash.finish()
  }

  /// - `part`: a folder within the root, `train/`, or empty for the root itself.
  mutating func examples(in part: String) throws(DatasetError) -> (Examples, names: [String]?) {
    let place = part.isEmpty ? root : "\(root)/\(part.dropLast())"
    let entries = try InputFile.names(inFolder: place)
    let images = entries.filter { Self.isImage($0, in: place) }
    let classes = entries.filter { InputFile.isFolder("\(place)/\($0)") }
    var files: [(name: String, label: String)] = images.map { ($0, "") }
    for name in classes {
      let own = try InputFile.names(inFolder: "\(place)/\(name)")
        .filter { Self.isImage($0, in: "\(place)/\(name)") }
      guard !own.isEmpty else { throw Self.failure("\(place)/\(name)", "none") }
      guard images.isEmpty else {
        throw .unexpected(
          place: place, expected: "images in subfolders or images without, not both",
          received: "\(name)/\(own[0]) beside \(images[0])", advice: "move one of them")
      }
      files += own.map { ("\(name)/\($0)", name) }
    }
    guard !files.isEmpty else { throw Self.failure(place, "none") }

    let names = classes.isEmpty ? nil : ClassNames(classes)
    var pixels: [UInt8] = []
    for file in files {
      pixels += try image(part + file.name)
      if pixels.count == shape?.reduce(1, *) { pixels.reserveCapacity(pixels.count * files.count) }
    }
    let examples = Examples(
      count: files.count, shape: shape ?? [], elements: .bytes(pixels),
      labels: names.map { names in files.map { names.label($0.label) } })
    return (examples, names?.names)
  }

  /// The pixels of one image in the shape that all have.
  private mutating func image(_ name: String) throws(DatasetError) -> [UInt8] {
    let path = "\(root)/\(name)"
    let (bytes, file) = try InputFile.read(path)
    list += "\(file.sha256)  \(name)\n"
    let image = try ImageFile.decode(bytes, path: path)
    if let shape, first == nil { return image.resized(to: shape) }
    let own = [image.height, image.width, image.isGray ? 1 : 3]
    guard let shape, let first else {
      (shape, first) = (own, name)
      return image.resized(to: own)
    }
    guard own.prefix(2) == shape.prefix(2) else {
      throw .unexpected(
        place: path, expected: "\(shape[1])×\(shape[0]) pixels, the size of \(first)",
        received: "\(image.width)×\(image.height)",
        advice: "set data.shape to [height, width, channels], and images are resized")
    }
    return image.resized(to: shape)
  }

  private static func isImage(_ name: String, in folder: String) -> Bool {
    ImageFile.extensions.contains(InputFile.fileExtension(name))
      && InputFile.exists("\(folder)/\(name)")
  }

  private static func failure(_ folder: String, _ received: String) -> DatasetError {
    .unexpected(
      place: folder, expected: "IDX files, or images that end in .png, .jpg or .jpeg",
      received: received, advice: "put some there or take the folder out")
  }
}
