import Graphs

/// The program whose names and layouts weights have.
enum WeightConvention: String {
  case pyTorch = "PyTorch"
  case keras = "Keras"
}

/// A layer in another program's file: its tensors by their role there.
struct ForeignLayer {
  let path: String
  let kind: LayerSlot.Kind
  /// By their names without the path, or by their numbers.
  let tensors: [String: Safetensors.Tensor]

  /// The path's words; for Keras, without the words that every path has.
  var words: [String] {
    path.split { $0 == "." || $0 == "/" }.map(String.init).filter { $0 != "layers" }
  }

  /// `encoder`, `mean`, `logVariance` or `decoder`, if the path contains it.
  var part: String? {
    for word in words.map({ $0.lowercased() }) {
      if word.contains("logvar") || word.contains("log_var") { return "logVariance" }
      if ["mean", "mu"].contains(where: { word == $0 || word.hasSuffix("_" + $0) }) {
        return "mean"
      }
    }
    for word in words.map({ $0.lowercased() }) {
      if word.hasPrefix("enc") { return "encoder" }
      if word.hasPrefix("dec") { return "decoder" }
    }
    return nil
  }

  var isTransposed: Bool {
    let path = path.lowercased()
    return path.contains("transpose") || path.contains("deconv")
  }

  /// The path without the numbers at the ends of its words, and these numbers: `encoder.10` gives
  /// `encoder/` and 0, 10; `dense_1` gives `dense` and 1; `dense` gives `dense` and 0.
  var numbered: (stem: String, numbers: [Int]) {
    let found = words.map { word in
      let digits = word.reversed().prefix { $0.isASCII && $0.isNumber }
      var stem = word.dropLast(digits.count)
      if !digits.isEmpty, stem.last == "_" { stem.removeLast() }
      return (stem, digits.isEmpty ? 0 : Int(String(digits.reversed())) ?? .max)
    }
    return (found.map(\.0).joined(separator: "/"), found.map(\.1))
  }

  /// The layers of a file if all its names follow a convention; else `nil`.
  static func all(
    in file: Safetensors
  ) -> (convention: WeightConvention, layers: [ForeignLayer])? {
    let isKeras = file.tensors.contains { $0.name.contains("/") }
    var groups: [String: [String: Safetensors.Tensor]] = [:]
    for tensor in file.tensors {
      guard let (path, role) = isKeras ? keras(tensor.name) : pyTorch(tensor.name) else {
        return nil
      }
      groups[path, default: [:]][role] = tensor
    }
    var layers: [ForeignLayer] = []
    for (path, tensors) in groups {
      guard let kind = isKeras ? kerasKind(tensors) : pyTorchKind(tensors) else { return nil }
      layers.append(ForeignLayer(path: path, kind: kind, tensors: tensors))
    }
    return layers.isEmpty ? nil : (isKeras ? .keras : .pyTorch, layers)
  }

  /// `encoder.0.weight_ih_l0` gives `encoder.0` and `weight_ih_l0`.
  private static func pyTorch(_ name: String) -> (path: String, role: String)? {
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return nil }
    let role = String(name[name.index(after: dot)...])
    let known = [
      "weight", "bias", "running_mean", "running_var", "weight_ih_l0", "weight_hh_l0", "bias_ih_l0",
      "bias_hh_l0",
    ]
    return known.contains(role) ? (String(name[..<dot]), role) : nil
  }

  private static func pyTorchKind(_ tensors: [String: Safetensors.Tensor]) -> LayerSlot.Kind? {
    if let gates = tensors["weight_ih_l0"]?.shape, let state = tensors["weight_hh_l0"]?.shape {
      guard gates.rank == 2, state.rank == 2, gates[0] == state[0] else { return nil }
      return state[0] == 4 * state[1] ? .lstm : state[0] == 3 * state[1] ? .gru : nil
    }
    if tensors["running_mean"] != nil { return .batchNorm }
    switch tensors["weight"]?.shape.rank {
    case 2: return .dense
    case 3: return .convolution1D
    case 4: return .convolution2D
    default: return nil
    }
  }

  /// The names of variables that are saved by number, for each kind of layer.
  private static let kerasNames: [LayerSlot.Kind: [String]] = [
    .dense: ["kernel", "bias"], .convolution1D: ["kernel", "bias"],
    .convolution2D: ["kernel", "bias"],
    .batchNorm: ["gamma", "beta", "moving_mean", "moving_variance"],
    .lstm: ["kernel", "recurrent_kernel", "bias"], .gru: ["kernel", "recurrent_kernel", "bias"],
  ]

  /// `dense/kernel:0` gives `dense` and `kernel`, and `layers/dense/vars/0` gives `layers/dense`
  /// and `0`; the cell of a recurrent layer counts as the layer.
  private static func keras(_ name: String) -> (path: String, role: String)? {
    var words = name.split(separator: "/").map(String.init)
    guard words.count > 1, var role = words.popLast() else { return nil }
    if role.hasSuffix(":0") { role.removeLast(2) }
    if words.last == "vars" {
      words.removeLast()
      guard let number = Int(role), (0...3).contains(number) else { return nil }
    } else if !kerasNames.values.contains(where: { $0.contains(role) }) {
      return nil
    }
    if words.count > 1, words.last!.hasSuffix("cell") { words.removeLast() }
    return words.isEmpty ? nil : (words.joined(separator: "/"), role)
  }

  private static func kerasKind(_ tensors: [String: Safetensors.Tensor]) -> LayerSlot.Kind? {
    func shape(_ name: String, _ number: String) -> Shape? {
      (tensors[name] ?? tensors[number])?.shape
    }
    if tensors["gamma"] != nil || tensors.count == 4 && tensors["0"]?.shape.rank == 1 {
      return .batchNorm
    }
    if let kernel = tensors["kernel"]?.shape ?? tensors["0"]?.shape {
      if let state = shape("recurrent_kernel", "1"), state.rank == 2, tensors.count >= 2,
        kernel.rank == 2, state[1] == kernel[1],
        tensors["recurrent_kernel"] != nil || tensors["2"] != nil
      {
        return state[1] == 4 * state[0] ? .lstm : state[1] == 3 * state[0] ? .gru : nil
      }
      switch kernel.rank {
      case 2: return .dense
      case 3: return .convolution1D
      case 4: return .convolution2D
      default: return nil
      }
    }
    return nil
  }

  /// A tensor of Keras by its name, or by the number under which it is saved.
  func keras(_ name: String) -> Safetensors.Tensor? {
    tensors[name]
      ?? Self.kerasNames[kind]?.firstIndex(of: name).flatMap { tensors[String($0)] }
  }
}
