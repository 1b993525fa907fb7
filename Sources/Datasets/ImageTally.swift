/// Counts the conversions of images to one shape, for the notes.
struct ImageTally: Sendable {
  private var count = 0
  private var grayCount = 0
  private var shape: [Int] = []
  /// The smallest and the largest image by number of pixels: width and height.
  private var sizes: (smallest: (Int, Int), largest: (Int, Int))?
  private var resized = 0
  /// Images of another aspect ratio than the shape.
  private var misfits = 0
  private var turned = 0
  private var transparent = 0
  private var inks = 0
  private var deep = 0
  private var paged = 0

  mutating func add(_ image: ImageFile, isTransparent: Bool, shape: [Int]) {
    self.shape = shape
    let size = (image.width, image.height)
    func pixels(_ size: (Int, Int)) -> Int { size.0 * size.1 }
    if let sizes {
      if pixels(size) < pixels(sizes.smallest) { self.sizes?.smallest = size }
      if pixels(size) > pixels(sizes.largest) { self.sizes?.largest = size }
    } else {
      sizes = (size, size)
    }
    func add(_ condition: Bool, to number: inout Int) { number += condition ? 1 : 0 }
    count += 1
    add(image.isGray, to: &grayCount)
    add(size != (shape[1], shape[0]), to: &resized)
    add(image.width * shape[0] != image.height * shape[1], to: &misfits)
    add(image.orientation != .upright, to: &turned)
    add(isTransparent, to: &transparent)
    add(image.isCMYK, to: &inks)
    add(image.isDeep, to: &deep)
    add(image.hasMorePages, to: &paged)
  }

  /// One note for all images whose shape changed, and one for each conversion of some images.
  func notes(_ place: String, _ fit: ImageFit) -> [String] {
    func images(_ count: Int) -> String { count == 1 ? "1 image" : "\(count) images" }
    var notes: [String] = []
    if let change = change(fit), let sizes {
      let (small, large) = (sizes.smallest, sizes.largest)
      let size = "\(small.0)×\(small.1)" + (small == large ? "" : " to \(large.0)×\(large.1)")
      let kind =
        grayCount == count ? "gray" : grayCount == 0 ? "RGB" : "RGB and (\(grayCount)) gray"
      notes.append("\(images(count)) \(size) \(kind) → \(shape) (\(change))")
    }
    func note(_ count: Int, _ text: String) {
      if count > 0 { notes.append("\(images(count)) \(text)") }
    }
    note(turned, "rotated to upright, by the EXIF orientation")
    note(transparent, "with transparency, on a white background")
    note(inks, "with four inks (CMYK), converted to RGB without a colour profile")
    note(deep, "with 16 bits per channel, converted to 8")
    note(paged, "with several pages: the first page is read")
    return notes.map { "\(place): \($0)" }
  }

  private func change(_ fit: ImageFit) -> String? {
    var parts: [String] = []
    if resized > 0 {
      switch fit {
      case _ where misfits == 0: parts.append("resized")
      case .squash: parts.append("squashed; --fit crop or pad keeps the aspect ratio")
      case .crop: parts.append("cropped to the middle and resized")
      case .pad: parts.append("resized and padded with zeros")
      }
    }
    if shape.last == 1, grayCount < count { parts.append("colours converted to gray") }
    if shape.last == 3, grayCount > 0 { parts.append("gray copied to all three channels") }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }
}
