import Datasets
import Foundation
import Graphs
import Layers
import Recipes
import Training

/// The documentation in an exported file.
extension ModelExport {
  func documentation(of part: Part) -> String {
    let what =
      switch part {
      case .whole: "an autoencoder"
      case .encoder: "the encoder of an autoencoder"
      case .decoder: "the decoder of an autoencoder"
      }
    return "\(saved.recipe.name): \(what)" + (saved.epochOfWeights.map { ", epoch \($0)" } ?? "")
  }

  func documentation(of value: String) -> String {
    switch value {
    case "input": inputDocumentation
    case "reconstruction": "The reconstruction of the input, on the same scale."
    case "code": "The code of each example."
    case "mean": "The mean of the normal distribution of each example's code; this is decoded."
    case "logVariance": "The log-variance of the normal distribution of each example's code."
    case "indices": "The codebook index at each position, from 0."
    case "label": labelDocumentation
    default: ""
    }
  }

  /// For example `[28, 28, 1]: rows, columns, channels. Pixels from 0 to 1: bytes divided by 255.`
  var inputDocumentation: String {
    let input = saved.recipe.model.input
    let isSeries = saved.recipe.dataOptions.window != nil
    let axes =
      switch input.rank {
      case 3: ": rows, columns, channels"
      case 2 where isSeries: ": steps of a window, columns"
      default: ""
      }
    var sentences = ["\(input)\(axes)"]
    if saved.description?.areBytes == true {
      sentences.append(
        saved.recipe.preparation.byteScale == 1
          ? "Bytes as numbers from 0 to 255" : "Numbers from 0 to 1: bytes divided by 255")
    } else {
      sentences.append("Values are on the scale of the data")
    }
    if saved.recipe.model.normalization != .none {
      sentences.append("The model scales them")
    }
    if saved.recipe.model.masked || !scaling.fill.isEmpty {
      sentences.append("A missing value is NaN")
    }
    if let columns = saved.description?.columns {
      sentences.append("Columns: " + columns.joined(separator: ", "))
    }
    return sentences.joined(separator: ". ") + "."
  }

  private var labelDocumentation: String {
    let names = saved.description?.classes ?? []
    let last = (saved.recipe.model.classes ?? 1) - 1
    return "The class of each example, from 0 to \(last)"
      + (names.isEmpty ? "." : ": \(names.joined(separator: ", ")).")
  }

  var metadata: [String: String] {
    var metadata = ["recipe": saved.recipe.name]
    metadata["epoch"] = saved.epochOfWeights
    metadata["classes"] = saved.description?.classes.flatMap(Self.json)
    metadata["columns"] = saved.description?.columns.flatMap(Self.json)
    return metadata
  }

  private static func json(_ names: [String]) -> String? {
    (try? JSONEncoder().encode(names)).map { String(decoding: $0, as: UTF8.self) }
  }

  static func contents(of path: String) -> Data {
    FileManager.default.contents(atPath: path) ?? Data()
  }
}
