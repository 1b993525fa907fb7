import Datasets
import Exports
import Foundation
import Glibc
import Graphs
import Layers
import Recipes
import RunReports
import Training

/// A parser that is given any bytes. It may refuse them; it may not crash, hang or take much memory.
enum Parser: String, CaseIterable {
  case idx, gzip, npy, npz, csv, png, jpeg, recipe, safetensors, tensor, checkpoint, onnx, metrics,
    request

  static let chosen: Parser = {
    let name = ProcessInfo.processInfo.environment["AEGPU_FUZZ_PARSER"] ?? ""
    guard let parser = Parser(rawValue: name) else {
      let names = Parser.allCases.map(\.rawValue).joined(separator: ", ")
      FileHandle.standardError.write(
        Data("fuzz: expected AEGPU_FUZZ_PARSER as one of \(names), received \(name)\n".utf8))
      exit(64)
    }
    return parser
  }()

  func read(_ bytes: [UInt8]) {
    switch self {
    case .npy:
      load(bytes, "npy")
      load(bytes, "npy", streaming: 0)
    case .tensor: load(bytes, "safetensors", streaming: 0)
    case .npz: load(bytes, "npz")
    case .csv: load(bytes, "csv")
    case .idx: loadFolder(bytes, "train-images-idx3-ubyte")
    case .gzip: loadFolder(bytes, "train-images-idx3-ubyte.gz")
    case .png: loadFolder(bytes, "one.png")
    case .jpeg: loadFolder(bytes, "one.jpg")
    case .recipe:
      guard let text = String(bytes: bytes, encoding: .utf8),
        let document = try? RecipeDocument(text: text, source: "fuzz")
      else { return }
      guard let recipe = document.followsData ? try? document.draft() : try? document.recipe()
      else { return }
      // What `summary` shows: shapes, without the tensors.
      _ = try? recipe.model.summary()
    case .safetensors: _ = try? Safetensors(bytes: bytes, path: "fuzz")
    case .checkpoint:
      guard let file = try? Safetensors(bytes: bytes, path: "fuzz"),
        let recipe = try? RecipeDocument(named: "linear-pca").setting("[5]").recipe()
      else { return }
      _ = try? RecordedStep(file, recipe, path: "fuzz")
    case .onnx: _ = try? ONNXModel(bytes: bytes)
    case .metrics:
      for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
        _ = EpochReport(line: line)
      }
    case .request: _ = PageRequest(head: bytes, port: 80)
    }
  }

  /// A file in memory, made anew for each.
  private static let folder: String = {
    let path = "/dev/shm/aegpu-fuzz-\(getpid())"
    mkdir(path, 0o700)
    return path
  }()

  private func load(_ bytes: [UInt8], _ ending: String, streaming: Int? = nil) {
    let path = "\(Self.folder)/file.\(ending)"
    write(bytes, to: path)
    var options = DataOptions()
    options.streaming = streaming
    let dataset = try? Dataset.load(path, directory: nil, options: options)
    _ = try? dataset?.training.loaded()
  }

  private func loadFolder(_ bytes: [UInt8], _ name: String) {
    let folder = "\(Self.folder)/folder"
    mkdir(folder, 0o700)
    write(bytes, to: "\(folder)/\(name)")
    _ = try? Dataset.load(folder, directory: nil)
  }

  private func write(_ bytes: [UInt8], to path: String) {
    guard let file = fopen(path, "wb") else { return }
    _ = bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
    fclose(file)
  }
}

extension RecipeDocument {
  /// The same with this input.
  fileprivate func setting(_ input: String) throws -> RecipeDocument {
    var document = self
    try document.set("input", to: input)
    return document
  }
}

/// libFuzzer's own loop. https://llvm.org/docs/LibFuzzer.html
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutableRawPointer,
  _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The program's entry: SwiftPM's linker command names it so.
@_cdecl("Fuzzers_main")
public func fuzzersMain(_ count: CInt, _ arguments: UnsafeMutableRawPointer) -> CInt {
  var (count, arguments) = (count, arguments)
  return withUnsafeMutablePointer(to: &arguments) { place in
    runDriver(&count, place) { start, count in
      Parser.chosen.read(Array(UnsafeBufferPointer(start: start, count: count)))
      return 0
    }
  }
}
