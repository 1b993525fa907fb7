import Graphs

extension ONNXTranslation {
  /// Adds the operators of one node.
  /// - Throws: `ExportError.operation` for ops of training, of losses or of random numbers.
  mutating func translate(_ node: Node) throws(ExportError) {
    let x = node.inputs.first ?? node.outputs[0]
    switch node.op {
    case .gather(let op): try gather(op, node)
    case .gatherLabels(let op): set(node.outputs[0], oneHot(classes: op.classes))
    case .denormalize(let op): try denormalize(op, node)
    case .product(let op): try product(op, node)
    case .addBias: try addBias(node)
    case .activate(let op):
      try eachElement(of: x, to: node) { builder, x in builder.activate(x, op.activation) }
    case .scale(let op): try scale(op, node)
    case .add: try add(node)
    case .reshape: try reshape(node)
    case .concatenate: try concatenate(node)
    case .columns(let op): try columns(op, node)
    case .straightThrough: set(node.outputs[0], try value(node.inputs[1]))
    case .nearest: try nearest(node)
    case .lookUp:
      let operands = [try value(node.inputs[1]), try value(node.inputs[0])]
      set(node.outputs[0], builder.add("Gather", operands))
    case .conv2D(let op): try convolution(op, node)
    case .conv2DInputGradient(let op): try transposedConvolution(op, node)
    case .pool2D(let op): try pool(op, node)
    case .upsample2D(let op): try upsample(op, node)
    case .batchNormInference(let op): try batchNorm(op, node)
    case .unfold1D(let op): try unfold(op, node)
    case .fold1D(let op): try fold(op, node)
    case .lstm: try lstm(node)
    case .gru: try gru(node)
    case .conv2DWeightGradient, .columnSum, .activateGradient, .pool2DGradient,
      .upsample2DGradient, .upsampleWindow, .lstmGradient, .gruGradient, .batchNorm,
      .batchNormGradient, .reconstructionLoss, .reconstructionLossGradient,
      .reconstructionLossWithGradient, .exampleLoss, .exampleLossGradient, .sumOfSquares,
      .sumOfAbsolutes, .sumOfAbsolutesGradient, .sparsity, .sparsityGradient, .freeBits,
      .freeBitsGradient, .discrepancy, .discrepancyGradient, .normal, .dropout, .noise,
      .noiseGradient, .reparameterize, .reparameterizeGradient, .importanceSample,
      .importanceSampleGradient, .importanceBound, .importanceBoundGradient, .shapedPrior,
      .scheduled, .perplexity, .allReduce, .record, .updateStatistics, .updateCodebook, .update:
      throw .operation(node.op.operation.name)
    }
  }

  /// An elementwise function; it keeps the memory order of its operand.
  mutating func eachElement(
    of x: TensorID, to node: Node, _ function: (inout ONNXGraphBuilder, String) -> String
  ) throws(ExportError) {
    if isChannelsFirst(x) {
      setChannelsFirst(node.outputs[0], function(&builder, try channelsFirst(x)))
    } else {
      set(node.outputs[0], function(&builder, try value(x)))
    }
  }

  /// `y = (x − shift) · factor` of the model's input; missing values are filled before, or become
  /// 0.
  private mutating func gather(_ op: Gather, _ node: Node) throws(ExportError) {
    precondition(op.scale == 1, "the examples must be before normalization")
    guard op.part != .presence else { throw .operation(op.name) }
    var x = input("input", node.outputs[0])
    if !scaling.fill.isEmpty {
      let fill = builder.constant(
        ONNXTensor(
          name: "input.fill", shape: [scaling.fill.count], scaling.fill.map { Float($0) }))
      x = builder.add("Where", [builder.add("IsNaN", [x]), fill, x])
    }
    let operands = node.inputs.dropFirst(2)
    let types = (op.normalization.shift ? ["Sub"] : []) + (op.normalization.factor ? ["Mul"] : [])
    for (type, operand) in zip(types, operands) {
      x = builder.add(type, [x, try value(operand)])
    }
    if op.part == .filled {
      x = builder.add("Where", [builder.add("IsNaN", [x]), builder.constant(0), x])
    }
    set(node.outputs[0], x)
  }

  /// `y = x / factor + shift`
  private mutating func denormalize(_ op: Denormalize, _ node: Node) throws(ExportError) {
    var x = try value(node.inputs[0])
    if op.normalization.factor { x = builder.add("Div", [x, try value(node.inputs.last!)]) }
    if op.normalization.shift { x = builder.add("Add", [x, try value(node.inputs[1])]) }
    set(node.outputs[0], x)
  }

  private mutating func product(_ op: Product, _ node: Node) throws(ExportError) {
    try expectPlain(op)
    let operands = [try value(node.inputs[0]), try value(node.inputs[1])]
    guard op.transposeA || op.transposeB else {
      return set(node.outputs[0], builder.add("MatMul", operands))
    }
    let name = builder.add(
      "Gemm", operands,
      ["transA": .integer(op.transposeA ? 1 : 0), "transB": .integer(op.transposeB ? 1 : 0)])
    set(node.outputs[0], name)
  }

  /// In a graph that is not fused, products and convolutions have no fused operations.
  func expectPlain(_ op: any EpilogueOperation) throws(ExportError) {
    guard op.epilogue == Epilogue() else { throw .operation(op.name) }
  }

  private mutating func addBias(_ node: Node) throws(ExportError) {
    let (x, bias) = (node.inputs[0], node.inputs[1])
    guard isChannelsFirst(x) else {
      return set(node.outputs[0], builder.add("Add", [try value(x), try value(bias)]))
    }
    let places = [Int](repeating: 1, count: shape(x).rank - 2)
    let column: String
    if let weight = weight(bias) {
      column = builder.constant(
        ONNXTensor(
          name: weight.name + ".column", shape: [weight.shape.count] + places, weight.values))
    } else {
      column = builder.add(
        "Reshape", [try value(bias), builder.constant([shape(bias).count] + places)])
    }
    setChannelsFirst(node.outputs[0], builder.add("Add", [try channelsFirst(x), column]))
  }

  private mutating func scale(_ op: Scale, _ node: Node) throws(ExportError) {
    guard let scalar = graph.constant(node.inputs[1]) else { throw .operation(op.name) }
    let factor = builder.constant(Float(op.factor * scalar))
    try eachElement(of: node.inputs[0], to: node) { builder, x in
      builder.add("Mul", [x, factor])
    }
  }

  private mutating func add(_ node: Node) throws(ExportError) {
    let operands = [try value(node.inputs[0]), try value(node.inputs[1])]
    set(node.outputs[0], builder.add("Add", operands))
  }

  private mutating func reshape(_ node: Node) throws(ExportError) {
    set(node.outputs[0], reshaped(try value(node.inputs[0]), as: node.outputs[0]))
  }

  /// A value reshaped to the dimensions of a tensor.
  mutating func reshaped(_ name: String, as id: TensorID) -> String {
    builder.add("Reshape", [name, builder.constant(step.pattern(id))])
  }

  /// Concatenates columns; a row of the second operand is repeated for all rows of the first that
  /// belong to its example.
  private mutating func concatenate(_ node: Node) throws(ExportError) {
    let (a, b) = (node.inputs[0], node.inputs[1])
    var side = try value(b)
    let repeats = shape(a).rows / shape(b).rows
    if shape(a).rank > 2 || repeats > 1 {
      let columns = shape(b).columns
      side = builder.add("Reshape", [side, builder.constant([-1, 1, columns])])
      side = builder.add("Expand", [side, builder.constant([1, repeats, 1])])
      let size = step.pattern(a).dropLast() + [columns]
      side = builder.add("Reshape", [side, builder.constant(Array(size))])
    }
    set(node.outputs[0], builder.add("Concat", [try value(a), side], ["axis": .integer(-1)]))
  }

  private mutating func columns(_ op: Columns, _ node: Node) throws(ExportError) {
    let (start, end) = (op.range.lowerBound, op.range.upperBound)
    let operands = [
      try value(node.inputs[0]), builder.constant([start]), builder.constant([end]),
      builder.constant([-1]),
    ]
    set(node.outputs[0], builder.add("Slice", operands))
  }

  /// `i[m] = argmin_k (‖e[k]‖² − 2 x[m] · e[k])`, the first of equal ones.
  private mutating func nearest(_ node: Node) throws(ExportError) {
    let (scores, codes) = (try value(node.inputs[0]), try value(node.inputs[1]))
    let squares = builder.add(
      "ReduceSumSquare", [codes], ["axes": .integers([1]), "keepdims": .integer(0)])
    let doubled = builder.add("Mul", [scores, builder.constant(2)])
    let distances = builder.add("Sub", [squares, doubled])
    let name = builder.add(
      "ArgMin", [distances], ["axis": .integer(1), "keepdims": .integer(0)])
    set(node.outputs[0], name)
  }
}

extension ONNXGraphBuilder {
  /// `f(x)`; GELU, which this operator set lacks, by its formula.
  fileprivate mutating func activate(_ x: String, _ activation: Activation) -> String {
    switch activation {
    case .identity: return x
    case .relu: return add("Relu", [x])
    case .leakyRelu:
      return add("LeakyRelu", [x], ["alpha": .float(Float(Activation.leakySlope))])
    case .elu: return add("Elu", [x], ["alpha": .float(1)])
    case .selu:
      return add(
        "Selu", [x],
        [
          "alpha": .float(Float(Activation.seluAlpha)),
          "gamma": .float(Float(Activation.seluScale)),
        ])
    case .gelu:
      let scaled = add("Div", [x, constant(Float(2).squareRoot())])
      let share = add("Add", [add("Erf", [scaled]), constant(1)])
      return add("Mul", [add("Mul", [x, share]), constant(0.5)])
    case .silu: return add("Mul", [x, add("Sigmoid", [x])])
    case .sigmoid: return add("Sigmoid", [x])
    case .tanh: return add("Tanh", [x])
    case .softplus: return add("Softplus", [x])
    }
  }
}
