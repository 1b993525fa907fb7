import Datasets
import Foundation
import Graphs
import Layers
import Plans
import Recipes

/// One training step, or one batch of a validation: the state before it and its examples. With the recipe and the scaling of the
/// data it can be computed again on any device.
///
/// Its file is a checkpoint with additional tensors, `batch.examples` `[N] + shape` and, with
/// classes, `batch.labels` `[N]`, and with the fields of `Facts` as the metadata `replay`.
package struct RecordedStep: Hashable, Sendable {
  /// The contents of the metadata.
  package struct Facts: Codable, Hashable, Sendable {
    /// Counted from 1 over the whole run; of a validation, the step before it.
    package let step: Int
    /// The batch of the validation, counted from 0; `nil` for a training step.
    package let validationBatch: Int?
    package let stepsPerEpoch: Int
    /// The indices of the examples in the training data, or in the validation data, counted from 0.
    package let rows: [Int]
    /// Whether the examples are bytes.
    let areBytes: Bool
    /// The fraction of the values of all training examples that is not missing.
    let presentShare: Double
    /// The device that computed the step.
    package let device: String

    package init(
      step: Int, validationBatch: Int? = nil, stepsPerEpoch: Int, rows: [Int], areBytes: Bool,
      presentShare: Double = 1, device: String
    ) {
      (self.step, self.stepsPerEpoch, self.rows) = (step, stepsPerEpoch, rows)
      self.validationBatch = validationBatch
      (self.areBytes, self.presentShare, self.device) = (areBytes, presentShare, device)
    }
  }

  package let facts: Facts
  /// The state before the step.
  package let checkpoint: Checkpoint
  package let examples: Examples

  package init(facts: Facts, checkpoint: Checkpoint, examples: Examples) {
    (self.facts, self.checkpoint, self.examples) = (facts, checkpoint, examples)
  }

  /// - Parameter texts: the metadata of the run's weights: its recipe and data.
  package func file(_ texts: [String: String]) throws -> Safetensors {
    var file = checkpoint.file(texts)
    let values: [Float] =
      switch examples.elements {
      case .bytes(let bytes): bytes.map { Float($0) }
      case .floats(let floats): floats
      case .doubles:
        preconditionFailure("doubles must be scaled before they are copied to a device")
      case .stored: preconditionFailure(Examples.Elements.isStored)
      }
    file.tensors.append(
      Safetensors.Tensor(
        name: Self.prefix + "examples", shape: Shape([examples.count] + examples.shape),
        values: values))
    if let labels = examples.labels {
      file.tensors.append(
        Safetensors.Tensor(
          name: Self.prefix + "labels", shape: [labels.count], values: labels.map { Float($0) }))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    file.metadata[Self.key] = String(decoding: try encoder.encode(facts), as: UTF8.self)
    return file
  }

  /// Reads a step.
  /// - Parameters:
  ///   - recipe: the run's.
  /// - path: the path for errors.
  package init(_ file: Safetensors, _ recipe: Recipe, path: String) throws {
    func wrong(_ received: String) -> TrainingError {
      .safetensors(
        path: path, expected: "a step that a run kept because its loss was not finite",
        received: received)
    }
    guard let text = file.metadata[Self.key] else {
      throw wrong("a file without the metadata \(Self.key)")
    }
    guard let facts = try? JSONDecoder().decode(Facts.self, from: Data(text.utf8)), facts.step > 0,
      facts.stepsPerEpoch > 0, facts.validationBatch.map({ $0 >= 0 }) ?? true
    else { throw wrong(text.printable()) }
    guard let batch = file[Self.prefix + "examples"], batch.shape.rank > 1, batch.shape[0] > 0,
      facts.rows.count == batch.shape[0]
    else { throw wrong("a file without examples") }
    let shape = Array(batch.shape.dimensions.dropFirst())
    guard shape.reduce(1, *) == recipe.model.input.count else {
      throw wrong("examples of \(shape) for a network that takes \(recipe.model.input)")
    }
    let labels = file[Self.prefix + "labels"]
    guard labels.map({ $0.values.count == facts.rows.count }) ?? true else {
      throw wrong("\(labels!.values.count) labels for \(facts.rows.count) examples")
    }
    let isWhole = batch.values.allSatisfy { (0...255).contains($0) && $0 == $0.rounded() }
    guard !facts.areBytes || isWhole else {
      throw wrong("bytes that are not whole numbers from 0 to 255")
    }
    self.facts = facts
    examples = Examples(
      count: facts.rows.count, shape: shape,
      elements: facts.areBytes ? .bytes(batch.values.map { UInt8($0) }) : .floats(batch.values),
      labels: labels?.values.map { Int32($0) })
    try examples.expectClasses(of: recipe.model, in: path)
    let plans = try RunPlans(facts, examples, recipe)
    checkpoint = try Checkpoint(file, store: plans.store, path: path)
  }

  static let prefix = "batch."
  private static let key = "replay"
}

extension RunPlans {
  /// The plans of a recorded step: its examples are the only batch of an epoch, or of a validation.
  init(_ facts: RecordedStep.Facts, _ examples: Examples, _ recipe: Recipe) throws {
    func batches(_ feed: Feed, of size: Int) -> FeedBatches {
      FeedBatches(feed, examples, batchSize: size, byteScale: recipe.preparation.byteScale)
        .with(presentShare: facts.presentShare)
    }
    let isValidation = facts.validationBatch != nil
    // Training decides how large a batch of the validation may be.
    try self.init(
      recipe.withoutJudge,
      training: batches(.training, of: isValidation ? recipe.batchSize : examples.count),
      validation: isValidation ? batches(.validation, of: examples.count) : nil,
      drawsPictures: false)
  }
}

extension Recipe {
  /// The recipe without validation.
  var withoutJudge: Recipe {
    var recipe = self
    recipe.earlyStopping = nil
    return recipe
  }
}

extension Examples {
  /// The examples of these rows; windows are copied, so that they share no values.
  func batch(_ rows: [Int]) throws -> Examples {
    guard let windows else { return try read(rows) }
    func cut<Element>(_ values: [Element]) -> [Element] {
      rows.flatMap { row in
        let own = windows.rows(row)
        return values[own.lowerBound * rowSize..<own.upperBound * rowSize]
      }
    }
    let part: Elements =
      switch elements {
      case .bytes(let bytes): .bytes(cut(bytes))
      case .floats(let floats): .floats(cut(floats))
      case .doubles(let doubles): .doubles(cut(doubles))
      case .stored: preconditionFailure("windows are in memory")
      }
    return Examples(
      count: rows.count, shape: shape, elements: part,
      labels: labels.map { labels in rows.map { labels[$0] } })
  }
}
