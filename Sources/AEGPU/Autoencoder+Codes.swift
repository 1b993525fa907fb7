import Datasets
import Layers
import Training

extension Autoencoder {
  /// The codes of examples, `[N] + codeShape`; of a variational model their means.
  ///
  /// - Parameter data: examples of `exampleShape`.
  /// - Throws: where they are of another shape, or the device fails.
  public func encode(_ data: Dataset) throws(AutoencoderError) -> Values {
    try telling {
      let model = try model(shown: shown(data).examples)
      var codes: [Float] = []
      try model.encode(outputs: ["code"]) { codes += $1["code"]! }
      return Values(whole: codes, shape: codeShape)
    }
  }

  /// Which code of the codebook stands at each place of the examples' codes.
  ///
  /// - Returns: `[N] + codeShape` without its last axis, each from 0.
  /// - Throws: where the model has no codebook, examples are of another shape, or the device fails.
  public func codebookIndices(_ data: Dataset) throws(AutoencoderError) -> [Int] {
    try telling {
      _ = try codebook()
      let model = try model(shown: shown(data).examples)
      var indices: [Int] = []
      try model.encode(outputs: ["indices"]) { indices += $1["indices"]!.map { Int($0) } }
      return indices
    }
  }

  /// The codes that indices of the codebook stand for, `[N] + codeShape`.
  ///
  /// - Parameter indices: as `codebookIndices` gives them.
  /// - Throws: where the model has no codebook, or an index is none of it.
  public func codes(ofIndices indices: [Int]) throws(AutoencoderError) -> Values {
    try telling {
      let count = try codebook().codes
      guard let wrong = indices.first(where: { !(0..<count).contains($0) }) else {
        return Values(whole: try model().codes(of: indices), shape: codeShape)
      }
      throw AutoencoderError("expected whole numbers from 0 to \(count - 1), received \(wrong)")
    }
  }

  /// What the decoder makes of codes: examples `[N] + exampleShape` on the scale of the data; of
  /// bytes 0 to 255.
  ///
  /// - Parameters:
  ///   - codes: `[N] + codeShape`.
  ///   - labels: `[N]`, the class of each, which a conditional model is told; `nil` for others.
  /// - Throws: where codes are of another size, labels are missing or too many, or the device fails.
  public func decode(
    _ codes: Values, labels: [Int]? = nil
  ) throws(AutoencoderError) -> Values {
    guard codes.values.count % codeSize == 0 else {
      throw AutoencoderError(
        "expected codes of \(codeSize) numbers, as this model's are, received \(codes.values.count) "
          + "values")
    }
    return try telling { try decoded(codes.values, labels) }
  }

  var codeSize: Int { codeShape.reduce(1, *) }

  private func codebook() throws(AutoencoderError) -> Codebook {
    guard let codebook = content.recipe.model.codebook else {
      throw AutoencoderError(
        "expected a model with a codebook, received the recipe \(content.recipe.name)")
    }
    return codebook
  }

  func decoded(_ codes: [Float], _ labels: [Int]?) throws -> Values {
    let count = codes.count / codeSize
    guard let classes = content.recipe.model.classes else {
      guard labels == nil else {
        throw AutoencoderError(
          "expected no labels for a model that is not told classes, received \(labels!.count)")
      }
      return try decoded(codes, label: nil)
    }
    guard let labels, labels.count == count, labels.allSatisfy((0..<classes).contains) else {
      throw AutoencoderError(
        "expected a label from 0 to \(classes - 1) for each of \(count) codes, received "
          + (labels.map { "\($0)" } ?? "none"))
    }
    return try decoded(codes) { labels[$0] }
  }

  private func decoded(_ codes: [Float], label: ((Int) -> Int)?) throws -> Values {
    var made: [Float] = []
    try model().decode(codes, label: label) { made += $0 }
    return looked(made)
  }

  /// On the scale of the data.
  func looked(_ made: [Float]) -> Values {
    Values(whole: preparation.restored(made), shape: exampleShape)
  }
}
