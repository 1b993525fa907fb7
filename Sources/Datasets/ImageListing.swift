/// The images of a folder, each with the class that its subfolder names, and the other files there.
struct ImageListing: Sendable {
  /// The folder within the root, `train/`; empty for the root itself.
  let part: String
  /// Paths within the folder; the class is empty if there are no subfolders.
  private(set) var files: [(name: String, label: String)] = []
  private(set) var classNames: ClassNames?
  private(set) var skipped = SkippedFiles()

  init(root: String, part: String) throws(DatasetError) {
    self.part = part
    let place = part.isEmpty ? root : "\(root)/\(part.dropLast())"
    let (images, folders) = try Self.entries(place, &skipped)
    files = images.map { ($0, "") }
    for name in folders {
      let folder = "\(place)/\(name)"
      var own = SkippedFiles()
      let (inside, deeper) = try Self.entries(folder, &own)
      own.folders += deeper.map { "\(name)/\($0)" }
      guard !inside.isEmpty else { throw Self.failure(folder, own) }
      guard images.isEmpty else {
        throw .unexpected(
          place: place,
          expected: "images in subfolders of classes, or images without subfolders, not both",
          received: "\(name)/\(inside[0]) and \(images[0])", advice: "move one of them")
      }
      skipped.add(own)
      files += inside.map { ("\(name)/\($0)", name) }
    }
    guard !files.isEmpty else { throw Self.failure(place, skipped) }
    if !folders.isEmpty { classNames = ClassNames(folders) }
  }

  private static func entries(
    _ folder: String, _ skipped: inout SkippedFiles
  ) throws(DatasetError) -> (images: [String], folders: [String]) {
    let (names, undecodable) = try InputFile.names(inFolder: folder)
    skipped.undecodable += undecodable
    var (images, folders): ([String], [String]) = ([], [])
    for name in names {
      let path = "\(folder)/\(name)"
      if InputFile.isFolder(path) {
        folders.append(name)
      } else if !InputFile.exists(path) {
        skipped.danglingLinks += 1
      } else if ImageFormat.isReadable(path) {
        images.append(name)
      } else {
        skipped.endings[InputFile.fileExtension(path), default: 0] += 1
      }
    }
    return (images, folders)
  }

  private static func failure(_ folder: String, _ skipped: SkippedFiles) -> DatasetError {
    .unexpected(
      place: folder, expected: "IDX files, or images that end in \(ImageFormat.endings)",
      received: skipped.isEmpty ? "none" : skipped.text,
      advice: skipped.endings.isEmpty
        ? "add some or remove the folder"
        : "convert them to PNG or remove the folder")
  }
}

/// The files in a folder of images that are not read.
struct SkippedFiles: Hashable, Sendable {
  /// The number of files by extension.
  var endings: [String: Int] = [:]
  var danglingLinks = 0
  var undecodable = 0
  /// Folders within folders of classes.
  var folders: [String] = []

  var isEmpty: Bool { self == SkippedFiles() }

  mutating func add(_ other: SkippedFiles) {
    endings.merge(other.endings, uniquingKeysWith: +)
    danglingLinks += other.danglingLinks
    undecodable += other.undecodable
    folders += other.folders
  }

  /// `3 .bmp, 1 .gif, 1 broken link`: the most frequent first.
  var text: String {
    let kinds = endings.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    var parts = kinds.prefix(6).map { ending, count in
      "\(count) \(ending.isEmpty ? "without an extension" : "." + ending.printable(12))"
    }
    if kinds.count > 6 { parts.append("\(kinds.dropFirst(6).reduce(0) { $0 + $1.value }) others") }
    func counted(_ count: Int, _ one: String, _ many: String) {
      if count > 0 { parts.append("\(count) \(count == 1 ? one : many)") }
    }
    counted(danglingLinks, "broken link", "broken links")
    counted(undecodable, "name that is not UTF-8", "names that are not UTF-8")
    counted(folders.count, "folder within a class folder", "folders within class folders")
    return parts.joined(separator: ", ")
  }

  func notes(_ place: String) -> [String] {
    isEmpty ? [] : ["\(place): skipped files that are not readable images: \(text)"]
  }
}
