/// Images that are read one by one, each at its own size or brought to a shape: one file, or those of
/// a folder and of its subfolders of classes.
package struct ImageFiles: Hashable, Sendable {
  /// Of each image, the path within the folder; of one file, its name.
  package let names: [String]
  /// What lies in the folder and is not read.
  package let notes: [String]
  private let root: String

  /// nil where `path` names neither a folder nor a file that ends as an image.
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

  /// One image as an example with its name.
  /// - Parameters:
  ///   - index: its place among `names`.
  ///   - shape: `[H, W, C]` to bring it to; nil for its own size.
  ///   - channels: 1 or 3 where `shape` is nil; nil for its own.
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
