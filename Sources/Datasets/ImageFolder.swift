/// A folder of images. The images in a subfolder have the class that it names; images directly in
/// the folder have no class. If there is a folder `train`, it is such a folder, and so is `test`,
/// or else `val`, `valid` or `validation`, whose images are the test examples.
///
/// Names that begin with a dot are skipped; other files that are not images are counted in a note.
/// Names are sorted, so the order is the same everywhere. The folder counts as one file: its hash
/// is that of the lines `<SHA-256>  <path within the folder>` in the order of reading, as
/// `sha256sum` prints them.
struct ImageFolder: Sendable {
  let path: String

  init(path: String) {
    var path = path
    while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
    self.path = path
  }

  /// - Parameter options: `shape`, `[H, W, C]`, and `fit` to resize the images; without `shape`,
  ///   all images must have the size of the first.
  func load(_ options: DataOptions) throws(DatasetError) -> Dataset {
    var reading = ImageReading(root: path, options: options)
    let hasParts = InputFile.isFolder(path + "/train")
    let listing = try ImageListing(root: path, part: hasParts ? "train/" : "")
    var notes = listing.skipped.notes(path)
    let training = try reading.examples(listing, limit: options.rowLimit)
    var dataset = Dataset(
      name: InputFile.lastComponent(path), training: training, test: nil,
      labelNames: listing.classNames?.names)
    if hasParts {
      let parts = ["test", "val", "valid", "validation"].filter {
        InputFile.isFolder("\(path)/\($0)")
      }
      if let part = parts.first {
        let listing = try ImageListing(root: path, part: part + "/")
        notes += listing.skipped.notes("\(path)/\(part)")
        let other = Dataset(
          name: "\(path)/\(part)", training: try reading.examples(listing, limit: nil), test: nil,
          labelNames: listing.classNames?.names)
        let (examples, labelNames) = try dataset.matching(other)
        dataset = Dataset(
          name: dataset.name, training: training, test: examples, labelNames: labelNames)
      }
      let rest = try InputFile.names(inFolder: path).names
        .filter { !["train", parts.first].contains($0) }
      if !rest.isEmpty {
        notes.append(
          "\(path): besides train\(parts.first.map { " and \($0)" } ?? "") not read: "
            + rest.prefix(5).map { $0.printable() }.joined(separator: ", ")
            + (rest.count > 5 ? " and \(rest.count - 5) more" : ""))
      }
    }
    return try reading.finish(dataset, notes: notes)
  }

  /// One image file as a data set of one example.
  static func loadFile(_ path: String, _ options: DataOptions) throws(DatasetError) -> Dataset {
    let name = InputFile.lastComponent(path)
    let folder = path.contains("/") ? String(path.dropLast(name.count)) : ""
    var reading = ImageReading(root: folder, options: options)
    let (pixels, shape, file) = try reading.image(name)
    return Dataset(
      name: name,
      training: Examples(count: 1, shape: shape, elements: .bytes(pixels), names: [name]),
      test: nil, files: [file], notes: reading.tally.notes(path, options.fit))
  }
}

/// Reads images in one shape.
private struct ImageReading {
  private let root: String
  private let fit: ImageFit
  private var shape: [Int]?
  /// The first image, which sets the shape if the options do not.
  private var first: String?
  private var list = ""
  private(set) var tally = ImageTally()

  init(root: String, options: DataOptions) {
    self.root = root
    shape = options.shape
    fit = options.fit
  }

  /// The data set, with the hash of the list of files and their hashes, and with notes.
  func finish(_ dataset: Dataset, notes: [String]) throws(DatasetError) -> Dataset {
    var hash = try SHA256()
    Array(list.utf8).withUnsafeBytes { hash.update($0) }
    return Dataset(
      name: dataset.name, training: dataset.training, test: dataset.test,
      files: [DatasetFile(path: root, sha256: hash.finish())], labelNames: dataset.labelNames,
      notes: tally.notes(root, fit) + notes)
  }

  mutating func examples(
    _ listing: ImageListing, limit: Int?
  ) throws(DatasetError) -> Examples {
    let files = listing.files.prefix(limit ?? .max)
    var pixels: [UInt8] = []
    for (index, file) in files.enumerated() {
      let own = try image(listing.part + file.name)
      if index == 0 {
        let byteCount = try [own.pixels.count, files.count].elementCount(path: root)
        try AvailableMemory.check(
          byteCount, place: root, what: "\(files.count) images \(own.shape)"
        ) { _ in "set data.shape to a smaller size, or use fewer images with --limit" }
        pixels.reserveCapacity(byteCount)
      }
      pixels += own.pixels
    }
    return Examples(
      count: files.count, shape: shape ?? [], elements: .bytes(pixels),
      labels: listing.classNames.map { names in files.map { names.label($0.label) } },
      names: files.map { listing.part + $0.name })
  }

  /// The pixels of one image in the common shape.
  mutating func image(
    _ name: String
  ) throws(DatasetError) -> (pixels: [UInt8], shape: [Int], file: DatasetFile) {
    let path = root.isEmpty || root.hasSuffix("/") ? root + name : "\(root)/\(name)"
    let (bytes, file) = try InputFile.read(path)
    list += "\(file.sha256)  \(name)\n"
    let image = try ImageFile(bytes, path: path)
    if let shape, let first, image.shape.prefix(2) != shape.prefix(2) {
      throw .unexpected(
        place: path, expected: "\(shape[1])×\(shape[0]) pixels, the size of \(first)",
        received: "\(image.width)×\(image.height)",
        advice: "set data.shape to [height, width, channels], so that images are resized")
    }
    if shape == nil { (shape, first) = (image.shape, name) }
    let target = shape ?? image.shape
    let (pixels, isTransparent) = try image.pixels(target, fit: fit)
    tally.add(image, isTransparent: isTransparent, shape: target)
    return (pixels, target, file)
  }
}
