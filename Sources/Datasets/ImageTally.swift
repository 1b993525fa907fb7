/// What was done to images on their way into one shape, counted, so that it can be said in a line.
struct ImageTally: Sendable {
  private var count = 0
  private var grayCount = 0
  private var shape: [Int] = []
  /// The smallest and the largest image, by pixels: width and height.
  private var sizes: (smallest: (Int, Int), largest: (Int, Int))?
  private var resized = 0
  /// Of other proportions than the shape.
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

  /// A line for all that became another shape, and one for each thing that happened to some.
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
    note(turned, "turned upright, as the EXIF orientation says")
    note(transparent, "with transparency laid on white")
    note(inks, "of four inks (CMYK) made RGB without a colour profile")
    note(deep, "of 16 bits a channel made 8")
    note(paged, "of several pages: the first page is read")
    return notes.map { "\(place): \($0)" }
  }

  private func change(_ fit: ImageFit) -> String? {
    var parts: [String] = []
    if resized > 0 {
      switch fit {
      case _ where misfits == 0: parts.append("resized")
      case .squash: parts.append("squashed; --fit crop or pad keeps proportions")
      case .crop: parts.append("cropped to their middle and resized")
      case .pad: parts.append("resized, zeros around")
      }
    }
    if shape.last == 1, grayCount < count { parts.append("colours become gray") }
    if shape.last == 3, grayCount > 0 { parts.append("gray in all three channels") }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }
}
