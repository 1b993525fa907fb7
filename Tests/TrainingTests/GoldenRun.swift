import Datasets
import Foundation
import Graphs
import Layers
import Plans
import Recipes
import Training

/// A run that Tools/golden.py made with another framework in float64; that file says what the
/// fields are.
struct GoldenRun: Decodable {
  struct Values: Decodable {
    let shape: [Int]
    let values: [Double]
  }

  let name: String
  let steps: Int
  let pixels: [[UInt8]]
  /// The class of each example, where there are classes.
  let labels: [Int32]?
  /// A step's loss and its parts, by name.
  let losses: [[String: Double]]
  let initialWeights: [String: Values]
  let gradients: [String: Values]
  let weights: [String: Values]
  let state: [String: Values]

  /// Every run that is there.
  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    precondition(!files.isEmpty, "\(folder.path) should hold what Tools/golden.py writes")
    return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }()

  /// Next to this file, or in `AEGPU_TEST_GOLDEN`: tests may run without the sources.
  private static let folder: URL =
    ProcessInfo.processInfo.environment["AEGPU_TEST_GOLDEN"].map { URL(fileURLWithPath: $0) }
    ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")

  static func load(_ name: String) throws -> (run: GoldenRun, recipe: Recipe) {
    let data = try Data(contentsOf: folder.appendingPathComponent("\(name).json"))
    let fields = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    // A recipe is YAML, which JSON is, too. Three epochs hold the ten steps; before pictures a run is
    // asked once more whether it is to stop.
    var document = try RecipeDocument(
      text: String(
        decoding: JSONSerialization.data(withJSONObject: fields?["recipe"] ?? [:]), as: UTF8.self),
      source: name)
    for (field, value) in [
      ("name", name), ("data", "golden"), ("epochs", "3"), ("shuffle", "false"),
      ("pictures", "{reconstructions: 0}"),
    ] { try document.set(field, to: value) }
    return (try JSONDecoder().decode(GoldenRun.self, from: data), try document.recipe())
  }

  func examples(_ shape: Shape) -> Examples {
    Examples(
      count: pixels.count, shape: shape.dimensions, elements: .bytes(pixels.flatMap(\.self)),
      labels: labels)
  }

  /// Named values as the layout's flat buffer.
  func flat(_ tensors: [String: Values], _ layout: ParameterLayout) -> [Double] {
    flat(tensors, layout.entries, count: layout.count)
  }

  func flat(_ tensors: [String: Values], _ layout: StateLayout) -> [Double] {
    flat(tensors, layout.entries, count: layout.count)
  }

  private func flat(
    _ tensors: [String: Values], _ entries: [ParameterLayout.Entry], count: Int
  ) -> [Double] {
    var flat = [Double](repeating: 0, count: count)
    for entry in entries {
      guard let tensor = tensors[entry.name], tensor.shape == entry.shape.dimensions else {
        preconditionFailure("\(name) has no \(entry.name) of shape \(entry.shape)")
      }
      flat.replaceSubrange(entry.offset..<entry.offset + entry.shape.count, with: tensor.values)
    }
    precondition(tensors.count == entries.count, "\(name) has other tensors, too")
    return flat
  }
}
