import Analyses
import Datasets
import Graphs
import Training

/// Denoises examples with a model. For images of another size, the model is built for that size.
package final class Denoiser {
  private let autoencoder: Autoencoder
  /// The input of the model for images of a shape.
  private var inputs: [[Int]: Shape] = [:]

  package init(_ autoencoder: Autoencoder) { self.autoencoder = autoencoder }

  /// Whether the examples have the model's size, or one that it can be built for.
  package func takes(_ examples: Examples) -> Bool {
    examples.featureCount == autoencoder.content.recipe.model.input.count
      || takes(images: examples.shape)
  }

  /// Whether the model can be built for images `[height, width, channels]`.
  package func takes(images shape: [Int]) -> Bool { input(shape) != nil }

  /// - Parameters:
  ///   - examples: examples of a shape that it takes.
  ///   - name: their name in messages.
  /// - Returns: the same number of values, on the scale of the data.
  package func clean(_ examples: Examples, name: String) throws -> [Float] {
    let examples = try autoencoder.prepared(examples, name: name)
    var recipe = autoencoder.content.recipe
    var shown = examples
    var filling: ImageFilling?
    let own = recipe.model.input
    if examples.featureCount != own.count
      || examples.shape.count == 3 && own.rank == 3 && examples.shape != own.dimensions
    {
      guard let input = input(examples.shape) else {
        preconditionFailure("the model does not take images of this size")
      }
      recipe.model.input = input
      let fill = ImageFilling(examples.shape, to: input.dimensions)
      let elements: Examples.Elements =
        switch examples.elements {
        case .bytes(let bytes): .bytes(fill.fill(bytes))
        case .floats(let floats): .floats(fill.fill(floats))
        case .doubles(let doubles): .floats(fill.fill(doubles.map { Float($0) }))
        case .stored: preconditionFailure(Examples.Elements.isStored)
        }
      shown = Examples(count: examples.count, shape: input.dimensions, elements: elements)
      filling = fill
    }
    var clean: [Float] = []
    try autoencoder.model(recipe, shown: shown).reconstruct(outputs: ["reconstruction"]) {
      let values = $1["reconstruction"]!
      clean += filling?.cut(values) ?? values
    }
    return autoencoder.restored(clean)
  }

  /// The input of the model for images of this shape; `nil` if it does not take such images.
  private func input(_ shape: [Int]) -> Shape? {
    if let known = inputs[shape] { return known }
    let model = autoencoder.content.recipe.model
    guard shape.count == 3, model.input.rank == 3, shape[2] == model.input[2],
      let input = model.sized(height: shape[0], width: shape[1])?.input
    else { return nil }
    inputs[shape] = input
    return input
  }
}
