import Layers

extension OpenRun {
  /// The model's codebook, which `--indices` needs.
  func codebook() throws -> Codebook {
    guard let codebook = recipe.model.codebook else {
      throw Failure(
        "--indices: expected a model with a codebook, received the recipe \(recipe.name); leave "
          + "--indices out")
    }
    return codebook
  }
}
