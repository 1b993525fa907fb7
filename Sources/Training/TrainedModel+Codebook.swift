import Layers

extension TrainedModel {
  /// The codebook vectors for these indices, one after the other.
  /// - Precondition: the model has a codebook, and the indices are in its range.
  package func codes(of indices: [Int]) throws -> [Float] {
    let state = session.layout.state
    guard let entry = state.entry(named: Codebook.codesName) else {
      preconditionFailure("\(recipe.name) has no codebook")
    }
    let (codes, columns) = (try session.store.read(.state), entry.shape.columns)
    return indices.flatMap { index in
      let first = entry.offset + index * columns
      return codes[first..<first + columns].map(Float.init)
    }
  }
}
