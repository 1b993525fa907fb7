import Datasets
import Layers
import Training

extension Autoencoder {
  /// The codes of examples, `[N] + codeShape`; for a variational model, their means.
  ///
  /// - Parameter data: examples of `exampleShape`.
  /// - Throws: if they have another shape, or the device fails.
  public func encode(_ data: Dataset) throws(AutoencoderError) -> Values {
    try telling {
      let model = try model(shown: shown(data).examples)
      var codes: [Float] = []
      try model.encode(outputs: ["code"]) { codes += $1["code"]! }
      return Values(whole: codes, shape: codeShape)
    }
  }

  /// The index of the codebook vector at each position of the examples' codes.
  ///
  /// - Returns: `[N] + codeShape` without its last axis, each from 0.
  /// - Throws: if the model has no codebook, examples have another shape, or the device fails.
  public func codebookIndices(_ data: Dataset) throws(AutoencoderError) -> [Int] {
    try telling {
      _ = try codebook()
      let model = try model(shown: shown(data).examples)
      var indices: [Int] = []
      try model.encode(outputs: ["indices"]) { indices += $1["indices"]!.map { Int($0) } }
      return indices
    }
  }

  /// The codebook vectors for these indices, `[N] + codeShape`.
  ///
  /// - Parameter indices: in the form that `codebookIndices` returns.
  /// - Throws: if the model has no codebook, or an index is out of range.
  public func codes(ofIndices indices: [Int]) throws(AutoencoderError) -> Values {
    try telling {
      let count = try codebook().codes
      guard let wrong = indices.first(where: { !(0..<count).contains($0) }) else {
        return Values(whole: try model().codes(of: indices), shape: codeShape)
      }
      throw AutoencoderError("expected whole numbers from 0 to \(count - 1), received \(wrong)")
    }
  }

  /// Decodes codes: returns examples `[N] + exampleShape` on the scale of the data; for bytes, 0 to
  /// 255.
  ///
  /// - Parameters:
  ///   - codes: `[N] + codeShape`.
  ///   - labels: `[N]`, the class of each code, for a conditional model; `nil` for others.
  /// - Throws: if codes have another size, the number of labels is wrong, or the device fails.
  public func decode(
    _ codes: Values, labels: [Int]? = nil
  ) throws(AutoencoderError) -> Values {
    guard codes.values.count % codeSize == 0 else {
      throw AutoencoderError(
        "expected codes of \(codeSize) numbers, as this model has, received \(codes.values.count) "
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
          "expected no labels for a model that is not conditional, received \(labels!.count)")
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
