import Graphs

/// Tensors with reordered elements.
extension Safetensors.Tensor {
  package func named(_ name: String) -> Safetensors.Tensor {
    Safetensors.Tensor(name: name, shape: shape, values: values)
  }

  /// The tensor with its axes in another order, like NumPy's `transpose`.
  package func transposed(_ axes: [Int]) -> Safetensors.Tensor {
    var strides = [Int](repeating: 1, count: shape.rank)
    for axis in strides.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    let size = Shape(axes.map { shape[$0] })
    let steps = axes.map { strides[$0] }
    var place = [Int](repeating: 0, count: size.rank)
    var offset = 0
    var result: [Float] = []
    result.reserveCapacity(values.count)
    for _ in 0..<size.count {
      result.append(values[offset])
      for axis in place.indices.reversed() {
        place[axis] += 1
        offset += steps[axis]
        if place[axis] < size[axis] { break }
        offset -= steps[axis] * size[axis]
        place[axis] = 0
      }
    }
    return Safetensors.Tensor(name: name, shape: size, values: result)
  }

  /// Some indices along an axis, like NumPy's `take`.
  package func taking(_ places: [Int], axis: Int) -> Safetensors.Tensor {
    let inner = shape.dimensions[(axis + 1)...].reduce(1, *)
    let outer = shape.dimensions[..<axis].reduce(1, *)
    var result: [Float] = []
    result.reserveCapacity(outer * places.count * inner)
    for row in 0..<outer {
      for place in places {
        let start = (row * shape[axis] + place) * inner
        result += values[start..<start + inner]
      }
    }
    var dimensions = shape.dimensions
    dimensions[axis] = places.count
    return Safetensors.Tensor(name: name, shape: Shape(dimensions), values: result)
  }

  /// Reorders blocks of columns of equal size, such as the gates of a recurrent layer.
  package func blocks(_ order: [Int]) -> Safetensors.Tensor {
    let size = shape.columns / order.count
    return taking(order.flatMap { Array($0 * size..<($0 + 1) * size) }, axis: shape.rank - 1)
  }
}
