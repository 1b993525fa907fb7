import Graphs

/// Conversion of a layer's tensors to the layouts of aegpu.
extension ForeignLayer {
  /// The tensors by their names after the slot's name; tensors that the file lacks are left out.
  func adopted(
    by slot: LayerSlot, _ convention: WeightConvention
  ) -> [String: Safetensors.Tensor] {
    var found: [String: Safetensors.Tensor?] =
      switch convention {
      case .pyTorch: pyTorch()
      case .keras: keras()
      }
    if convention == .pyTorch {
      // If channels come first, flattened image features are in another order.
      found["weight"] = found["weight"]??.ordered(slot.inputs, axis: 0)
      if let rank = found["weight"]??.shape.rank {
        found["weight"] = found["weight"]??.ordered(slot.outputs, axis: rank - 1)
      }
      for name in ["bias", "gamma", "beta", "runningMean", "runningVariance"] {
        found[name] = found[name]??.ordered(slot.outputs, axis: 0)
      }
    }
    return found.compactMapValues(\.self)
  }

  private func pyTorch() -> [String: Safetensors.Tensor?] {
    switch kind {
    case .dense: ["weight": tensors["weight"]?.transposed([1, 0]), "bias": tensors["bias"]]
    case .convolution1D:
      ["weight": tensors["weight"]?.transposed([2, 1, 0]), "bias": tensors["bias"]]
    case .convolution2D:
      ["weight": tensors["weight"]?.transposed([2, 3, 1, 0]), "bias": tensors["bias"]]
    case .batchNorm:
      [
        "gamma": tensors["weight"], "beta": tensors["bias"],
        "runningMean": tensors["running_mean"], "runningVariance": tensors["running_var"],
      ]
    case .lstm:
      [
        "weight": tensors["weight_ih_l0"]?.transposed([1, 0]),
        "recurrentWeight": tensors["weight_hh_l0"]?.transposed([1, 0]),
        "bias": tensors["bias_ih_l0"].flatMap { $0.adding(tensors["bias_hh_l0"]) },
      ]
    case .gru:
      [
        "weight": tensors["weight_ih_l0"]?.transposed([1, 0]),
        "recurrentWeight": tensors["weight_hh_l0"]?.transposed([1, 0]),
        "bias": tensors["bias_ih_l0"], "recurrentBias": tensors["bias_hh_l0"],
      ]
    }
  }

  private func keras() -> [String: Safetensors.Tensor?] {
    switch kind {
    case .dense, .convolution1D, .convolution2D:
      return ["weight": keras("kernel"), "bias": keras("bias")]
    case .batchNorm:
      return [
        "gamma": keras("gamma"), "beta": keras("beta"), "runningMean": keras("moving_mean"),
        "runningVariance": keras("moving_variance"),
      ]
    case .lstm:
      return [
        "weight": keras("kernel"), "recurrentWeight": keras("recurrent_kernel"),
        "bias": keras("bias"),
      ]
    case .gru:
      // The gates are z, r, h there, and r, z, n here. The bias has two rows, for the input and the
      // state.
      let order = [1, 0, 2]
      let biases = keras("bias").flatMap { $0.shape.rank == 2 && $0.shape[0] == 2 ? $0 : nil }
      func row(_ index: Int) -> Safetensors.Tensor? {
        biases.map { bias in
          let row = bias.taking([index], axis: 0).blocks(order)
          return Safetensors.Tensor(
            name: bias.name, shape: [bias.shape.columns], values: row.values)
        }
      }
      return [
        "weight": keras("kernel")?.blocks(order),
        "recurrentWeight": keras("recurrent_kernel")?.blocks(order), "bias": row(0),
        "recurrentBias": row(1),
      ]
    }
  }
}

extension Safetensors.Tensor {
  /// The same tensor if there is no order, or one of another length.
  fileprivate func ordered(_ order: [Int]?, axis: Int) -> Safetensors.Tensor {
    guard let order, shape.rank > axis, shape[axis] == order.count else { return self }
    return taking(order, axis: axis)
  }

  /// `nil` if the other tensor is missing or has another shape.
  fileprivate func adding(_ other: Safetensors.Tensor?) -> Safetensors.Tensor? {
    guard let other, other.shape == shape else { return nil }
    return Safetensors.Tensor(
      name: name, shape: shape, values: zip(values, other.values).map { $0 + $1 })
  }
}
