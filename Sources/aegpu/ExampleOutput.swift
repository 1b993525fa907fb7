import AEGPU
import Reports

/// Writes decoded examples, batch by batch: as an array or a table, as a grid of images, or as one PNG
/// file per image.
struct ExampleOutput {
  /// How a grid of images is laid out.
  struct Layout {
    var columns = 10
    var gap = 10
  }

  private enum Target {
    case rows(ArrayWriter)
    case grid(ImageGrid)
    case folder(OutputFolder, ImageGrid)
  }

  /// The file or folder.
  let path: String
  private let target: Target
  private let facts: ExampleFacts
  private var images: [Float] = []
  private var fileCount = 0

  /// - Parameters:
  ///   - verb: the name of a picture without `--output`.
  ///   - rows: how many examples will be written, for a grid or for another form.
  ///   - labels: one per row.
  init(
    _ options: ResultOptions, _ facts: ExampleFacts, verb: String, rows: (_ isGrid: Bool) -> Int,
    labels: [String]? = nil, layout: Layout = Layout()
  ) throws {
    self.facts = facts
    if let grid = facts.grid, let folder = options.folder {
      (path, target) = (folder, .folder(try OutputFolder(folder), grid))
      return
    }
    let forms: [ArrayForm] = [.csv, .npy, .json] + (facts.imageShape == nil ? [] : [.png])
    let picture = facts.imageShape.map { _ in facts.pictureFolder + "/\(verb).png" }
    let (path, form) = try options.resolve(forms, picture: picture)
    self.path = path
    if form == .png, var grid = facts.grid {
      (grid.columns, grid.gap) = (layout.columns, layout.gap)
      target = .grid(grid)
    } else {
      let count = rows(false)
      target = .rows(
        try ArrayWriter(
          path, form: form, rows: count, shape: facts.shape, names: facts.names,
          labels: labels.map { Array($0.prefix(count)) }, facts: facts.facts))
    }
  }

  var isGrid: Bool { if case .grid = target { true } else { false } }

  /// The next examples.
  mutating func write(_ values: [Float]) throws {
    if let scaling = facts.scaling {
      let restored = scaling.restored(values)
      if case .rows(let writer) = target { return try writer.write(doubles: restored) }
      return try show(restored.map { Float($0) })
    }
    try show(values)
  }

  private mutating func show(_ values: [Float]) throws {
    switch target {
    case .rows(let writer): try writer.write(values)
    case .grid: images += values
    case .folder(let folder, let grid):
      let size = facts.shape.reduce(1, *)
      for start in stride(from: 0, to: values.count, by: size) {
        let number = String(fileCount)
        let name = String(repeating: "0", count: max(5 - number.count, 0)) + number + ".png"
        let picture = grid.image(Array(values[start..<start + size]))
        try folder.write(PNG.encode(picture), to: name)
        fileCount += 1
      }
    }
  }

  /// Completes the file.
  /// - Parameter originals: the images that are drawn left of each image of a grid.
  func finish(beside originals: [Float]? = nil) throws {
    switch target {
    case .rows(let writer): try writer.finish()
    case .folder: break
    case .grid(let grid):
      let picture =
        originals.map { grid.pairs(originals: restored($0), reconstructions: images) }
        ?? grid.samples(images)
      let file = try OutputFile(path)
      try file.write(PNG.encode(picture))
      try file.finish()
    }
  }

  private func restored(_ values: [Float]) -> [Float] {
    facts.scaling.map { $0.restored(values).map { Float($0) } } ?? values
  }
}
