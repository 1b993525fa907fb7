/// Images that are read one by one, each at its own size or in a given shape: one file, or those of
/// a folder and of its subfolders of classes.
package struct ImageFiles: Hashable, Sendable {
  /// The path of each image within the folder; for a single file, its name.
  package let names: [String]
  /// Notes about files in the folder that are not read.
  package let notes: [String]
  private let root: String

  /// nil if `path` is neither a folder nor an image file.
  package init?(_ path: String) throws(DatasetError) {
    if InputFile.isFolder(path) {
      let folder = ImageFolder(path: path)
      let listing = try ImageListing(root: folder.path, part: "")
      (names, notes) = (listing.files.map(\.name), listing.skipped.notes(folder.path))
      root = folder.path + "/"
    } else if InputFile.exists(path), ImageFormat.isImage(path) {
      names = [InputFile.lastComponent(path)]
      notes = []
      root = path.contains("/") ? String(path.dropLast(names[0].count)) : ""
    } else {
      return nil
    }
  }

  /// One image as an example, with its name.
  /// - Parameters:
  ///   - index: its index in `names`.
  ///   - shape: the `[H, W, C]` to convert it to; nil for its own size.
  ///   - channels: 1 or 3 if `shape` is nil; nil for its own channels.
  package func read(
    _ index: Int, shape: [Int]? = nil, channels: Int? = nil, fit: ImageFit = .squash
  ) throws(DatasetError) -> Examples {
    let path = root + names[index]
    let image = try ImageFile(try InputFile.read(path).bytes, path: path)
    let target = shape ?? [image.height, image.width, channels ?? image.shape[2]]
    try AvailableMemory.check(target.reduce(1, *), place: path, what: "an image \(target)") { _ in
      "make the image smaller"
    }
    let pixels = try image.pixels(target, fit: fit).pixels
    return Examples(count: 1, shape: target, elements: .bytes(pixels), names: [names[index]])
  }
}
