import Graphs
import Layers

extension LayerFormat {
  static let dense = [
    LayerFormat(
      "dense", "fully connected layer; for [steps, channels], applied to each step.",
      [.required("units", Field.wholeOrInput, ""), Field.activation] + Field.initializers
    ) { field, defaults throws(RecipeError) in
      let settings = try field.weighted(defaults)
      return .dense(
        Dense(
          units: try field.required("units").integer(orInput: defaults.input.count),
          activation: settings.activation, initializer: settings.initializer,
          biasInitializer: settings.biasInitializer))
    },
    LayerFormat(
      "tiedDense", "transposed weights of the matching encoder layer, with its own biases.",
      [Field.activation, Field.biasInitializer], part: .decoder
    ) { field, defaults throws(RecipeError) in
      let settings = try field.weighted(defaults)
      return .tiedDense(
        TiedDense(activation: settings.activation, biasInitializer: settings.biasInitializer))
    },
  ]

  /// Layers that only change an example's shape.
  static let shapes = [
    LayerFormat("flatten", "one row per example: `flatten: {}`.", []) {
      _, _ throws(RecipeError) in .flatten(Flatten())
    },
    LayerFormat(
      "reshape", "changes the shape of an example.",
      [.required("shape", "list of sizes, or input", "")]
    ) { field, defaults throws(RecipeError) in
      let shape = try field.required("shape")
      return .reshape(
        Layers.Reshape(shape: shape.isInput ? defaults.input : Shape(try shape.sizes())))
    },
  ]

  static let others = [
    LayerFormat(
      "activation", "activation function as a layer: `activation: relu`.", [], takesWord: true
    ) { field, _ throws(RecipeError) in
      .activation(ActivationLayer(try field.choice(Activation.self)))
    },
    LayerFormat(
      "concatenate",
      "appends the class of each example (one-hot) to its features: `concatenate: label`.", [],
      takesWord: true
    ) { field, _ throws(RecipeError) in
      guard field.node.scalar?.string == "label" else { throw field.error("label") }
      return .concatenate(ConcatenateLayer())
    },
    LayerFormat(
      "penalty",
      "adds a term to the loss, computed from its input, which it passes on unchanged.",
      [
        .required("kind", "l1, l2 or sparsity", "Σ|x|, Σx²/2 or KL divergence of mean activations"),
        .required("weight", "ramp", ""),
        .absent("target", "number between 0 and 1", "for sparsity: the target mean activation"),
        .absent("name", "text", "name of the term in reports", "its kind"),
      ]
    ) { field, _ throws(RecipeError) in .penalty(try Penalty(field)) },
  ]
}

extension Penalty {
  private enum Name: String, CaseIterable { case l1, l2, sparsity }

  /// `{kind: l1, weight: 0.001}`
  fileprivate init(_ field: FieldReader) throws(RecipeError) {
    let name = try field.required("kind").choice(Name.self)
    let target = try field.optional("target")
    if let target, name != .sparsity { throw target.error("kind: sparsity, which has a target") }
    let kind: Kind
    switch name {
    case .l1: kind = .l1
    case .l2: kind = .l2
    case .sparsity: kind = .sparsity(target: try field.required("target").probability())
    }
    let own = try field.optional("name")
    let reported = try own?.string() ?? name.rawValue
    if let own, !reported.allSatisfy(\.isLetter) { throw own.error("a name of letters") }
    self.init(kind, weight: try field.required("weight").ramp(), reportedName: reported)
  }
}
