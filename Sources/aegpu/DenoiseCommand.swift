import AEGPU
import ArgumentParser
import Datasets
import Foundation
import Recipes
import Reports
import Training

struct DenoiseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "denoise",
    abstract: "Denoises an image, a folder of images or an array with a trained model.",
    discussion: """
      No noise is added to the input. The output has the same form: it is written next to the input, \
      with -denoised added to its name, or to --output. A convolutional network takes images of any \
      size; if its pooling needs a multiple of some size, the image is padded by repeating its edges, \
      and the padding is cut off again. Other networks take images of the size that they were trained \
      on: images of another size are resized, with a message.

        aegpu denoise last photo.png
        aegpu denoise runs/denoising scans/ --output clean/
        aegpu denoise last noisy.npy --output clean.npy
      """)

  @OptionGroup var options: RunOptions

  @Argument(help: "An image, a folder of images, or an array in a .npy file.")
  var path: String

  @Option(
    help: ArgumentHelp(
      "File to write, or folder if the input is a folder. (default: next to the input)",
      valueName: "path"))
  var output: String?

  func run() throws {
    guard FileManager.default.fileExists(atPath: path) else {
      throw Failure(
        "\(path): expected an image, a folder of images or a .npy file, found nothing there; check the "
          + "path")
    }
    let run = try OpenRun(options)
    if let images = try ImageFiles(path) {
      for note in images.notes { Program.complain(note) }
      try clean(images, run)
    } else {
      try cleanArray(run)
    }
  }

  // MARK: Images

  private func clean(_ images: ImageFiles, _ run: OpenRun) throws {
    guard let trained = run.recipe.inputImageShape else {
      throw Failure(
        "\(path): expected a model of images, received one with input \(run.recipe.model.input); "
          + "denoise a .npy file instead")
    }
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    let target = try isFolder.boolValue ? output ?? beside("") : target("png")
    var resized: [String: Int] = [:]
    let denoiser = Denoiser(run.autoencoder)
    // Images of one shape that follow each other are one batch.
    var batch: (shape: [Int], pixels: [UInt8], names: [String]) = ([], [], [])
    func flush() throws {
      guard !batch.names.isEmpty else { return }
      let examples = Examples(
        count: batch.names.count, shape: batch.shape, elements: .bytes(batch.pixels))
      let clean = try denoiser.clean(examples, name: path)
      let files = batch.names.map { isFolder.boolValue ? "\(target)/\(png($0))" : target }
      try write(clean, of: examples, to: files, run)
      batch = ([], [], [])
    }
    for (index, name) in images.names.enumerated() {
      var image = try images.read(index, channels: trained[2])
      if image.shape != trained, !denoiser.takes(images: image.shape) {
        resized["\(image.shape[1])×\(image.shape[0])", default: 0] += 1
        image = try images.read(index, shape: trained)
      }
      if image.shape != batch.shape || batch.names.count == Self.batchSize { try flush() }
      guard case .bytes(let pixels) = image.elements else { continue }
      batch = (image.shape, batch.pixels + pixels, batch.names + [name])
    }
    try flush()
    for (size, count) in resized.sorted(by: { $0.key < $1.key }) {
      Program.complain(
        "denoise: \(count) of \(images.names.count) images resized from \(size) to "
          + "\(trained[1])×\(trained[0]), the network's input size")
    }
    Program.note(
      Numbers.counted(images.names.count, "image") + " denoised", in: target)
  }

  /// Images that are denoised together.
  private static let batchSize = 64

  private func write(
    _ clean: [Float], of examples: Examples, to files: [String], _ run: OpenRun
  ) throws {
    var grid = ImageGrid(shape: examples.shape)
    let range = examples.imageRange(byteScale: run.recipe.preparation.byteScale)
    grid.range = Float(range.lowerBound)...Float(range.upperBound)
    let size = examples.featureCount
    for (place, file) in files.enumerated() {
      let picture = try PNG.encode(
        grid.image(Array(clean[place * size..<(place + 1) * size])))
      // A folder may have subfolders of classes; the folder of a named file must exist.
      guard file != output else {
        try AtomicFile.write(picture, to: file)
        continue
      }
      let url = URL(fileURLWithPath: file)
      try OutputFolder(url.deletingLastPathComponent().path).write(
        picture, to: url.lastPathComponent)
    }
  }

  private func png(_ name: String) -> String {
    URL(fileURLWithPath: "/" + name).deletingPathExtension().path.dropFirst() + ".png"
  }

  /// The output file. Its extension must match its contents.
  private func target(_ ending: String) throws -> String {
    guard let output else { return beside("." + ending) }
    let received = URL(fileURLWithPath: output).pathExtension
    guard output == "-" || received.lowercased() == ending else {
      throw Failure(
        "--output: expected a name that ends in .\(ending), the form of the input, received "
          + "\(output)" + (ending == "npy" ? "; reconstruct can draw arrays as pictures" : ""))
    }
    return output
  }

  /// `photo-denoised.png` for `photo.jpg`; for a folder, its name and `-denoised`.
  private func beside(_ ending: String) -> String {
    var base = path
    while base.count > 1, base.hasSuffix("/") { base.removeLast() }
    if !ending.isEmpty, let dot = base.lastIndex(of: ".") { base = String(base[..<dot]) }
    return base + "-denoised" + ending
  }

  // MARK: Arrays

  private func cleanArray(_ run: OpenRun) throws {
    guard ArrayForm(endingOf: path) == .npy else {
      throw Failure(
        "\(path): expected an image, a folder of images or a .npy file, received another file; for "
          + "tables use reconstruct")
    }
    let examples = try Dataset.load(path, directory: nil).training
    let denoiser = Denoiser(run.autoencoder)
    guard denoiser.takes(examples) else {
      throw Failure(
        "\(path): expected examples of shape \(run.recipe.model.input), received \(examples.shape); "
          + "resize them first")
    }
    let target = try target("npy")
    let clean = try denoiser.clean(examples, name: path)
    let writer = try NPYWriter<Float>(target, shape: [examples.count] + examples.shape)
    try writer.write(clean)
    try writer.finish()
    Program.note(Numbers.counted(examples.count, "example") + " denoised", in: target)
  }
}
