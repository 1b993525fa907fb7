import Graphs

/// A layer with its position in the recipe and its tensors in weights files.
package struct LayerListing: Hashable, Sendable, Encodable {
  /// A tensor in weights files.
  package struct Tensor: Hashable, Sendable, Encodable {
    package let name: String
    package let shape: [Int]
  }

  package let part: String
  /// Its position in the recipe, `encoder.0`; for the heads of a variational code, their names.
  package let place: String
  /// Its name in a recipe.
  package let layer: String
  /// `nil` for the identity.
  package let activation: String?
  /// The output shape for one example.
  package let output: [Int]
  package let parameterCount: Int
  package let floatingPointOperations: Int
  package let tensors: [Tensor]

  fileprivate init(_ row: LayerSummary, place: String, tensors: [Tensor]) {
    self.place = place
    self.tensors = tensors
    part = row.part
    layer = row.name
    activation = row.activation == .identity ? nil : row.activation?.rawValue
    output = row.output.dimensions
    parameterCount = row.parameterCount
    floatingPointOperations = row.floatingPointOperations
  }
}

extension Model {
  /// All layers in order. Tensors are declared in the order of the layers, so each layer has the
  /// next ones that make up its parameter count.
  package func listing() throws(GraphError) -> [LayerListing] {
    var declared = try parameters()[...]
    var counts: [String: Int] = [:]
    return try summary().map { layer in
      var tensors: [LayerListing.Tensor] = []
      var left = layer.parameterCount
      while left > 0, let next = declared.popFirst() {
        tensors.append(.init(name: next.name, shape: next.shape.dimensions))
        left -= next.shape.count
      }
      let isListed = layer.part == "encoder" || layer.part == "decoder"
      let place = isListed ? "\(layer.part).\(counts[layer.part, default: 0])" : layer.part
      counts[layer.part, default: 0] += 1
      return LayerListing(layer, place: place, tensors: tensors)
    }
  }
}
