/// All ops. Backends switch over it without `default`, so that the compiler reports missing
/// implementations of a new op.
package enum Op: Hashable, Sendable {
  case gather(Gather)
  case denormalize(Denormalize)
  case product(Product)
  case conv2D(Conv2D)
  case conv2DInputGradient(Conv2DInputGradient)
  case conv2DWeightGradient(Conv2DWeightGradient)
  case addBias(AddBias)
  case columnSum(ColumnSum)
  case activate(Activate)
  case activateGradient(ActivateGradient)
  case pool2D(Pool2D)
  case pool2DGradient(Pool2DGradient)
  case upsample2D(Upsample2D)
  case upsample2DGradient(Upsample2DGradient)
  case upsampleWindow(UpsampleWindow)
  case unfold1D(Unfold1D)
  case fold1D(Fold1D)
  case lstm(LSTM)
  case lstmGradient(LSTMGradient)
  case gru(GRU)
  case gruGradient(GRUGradient)
  case reshape(Reshape)
  case batchNorm(BatchNorm)
  case batchNormGradient(BatchNormGradient)
  case batchNormInference(BatchNormInference)
  case add(Add)
  case scale(Scale)
  case reconstructionLoss(ReconstructionLoss)
  case reconstructionLossGradient(ReconstructionLossGradient)
  case reconstructionLossWithGradient(ReconstructionLossWithGradient)
  case exampleLoss(ExampleLoss)
  case exampleLossGradient(ExampleLossGradient)
  case sumOfSquares(SumOfSquares)
  case sumOfAbsolutes(SumOfAbsolutes)
  case sumOfAbsolutesGradient(SumOfAbsolutesGradient)
  case sparsity(Sparsity)
  case sparsityGradient(SparsityGradient)
  case freeBits(FreeBits)
  case freeBitsGradient(FreeBitsGradient)
  case discrepancy(Discrepancy)
  case discrepancyGradient(DiscrepancyGradient)
  case normal(Normal)
  case dropout(Dropout)
  case noise(Noise)
  case noiseGradient(NoiseGradient)
  case reparameterize(Reparameterize)
  case reparameterizeGradient(ReparameterizeGradient)
  case importanceSample(ImportanceSample)
  case importanceSampleGradient(ImportanceSampleGradient)
  case importanceBound(ImportanceBound)
  case importanceBoundGradient(ImportanceBoundGradient)
  case shapedPrior(ShapedPrior)
  case scheduled(Scheduled)
  case gatherLabels(GatherLabels)
  case concatenate(Concatenate)
  case columns(Columns)
  case nearest(Nearest)
  case lookUp(LookUp)
  case straightThrough(StraightThrough)
  case perplexity(Perplexity)
  case allReduce(AllReduce)
  case record(Record)
  case updateStatistics(UpdateStatistics)
  case updateCodebook(UpdateCodebook)
  case update(Update)

  /// The rules of this op.
  package var operation: any Operation {
    switch self {
    case .gather(let op): op
    case .denormalize(let op): op
    case .product(let op): op
    case .conv2D(let op): op
    case .conv2DInputGradient(let op): op
    case .conv2DWeightGradient(let op): op
    case .addBias(let op): op
    case .columnSum(let op): op
    case .activate(let op): op
    case .activateGradient(let op): op
    case .pool2D(let op): op
    case .pool2DGradient(let op): op
    case .upsample2D(let op): op
    case .upsample2DGradient(let op): op
    case .upsampleWindow(let op): op
    case .unfold1D(let op): op
    case .fold1D(let op): op
    case .lstm(let op): op
    case .lstmGradient(let op): op
    case .gru(let op): op
    case .gruGradient(let op): op
    case .reshape(let op): op
    case .batchNorm(let op): op
    case .batchNormGradient(let op): op
    case .batchNormInference(let op): op
    case .add(let op): op
    case .scale(let op): op
    case .reconstructionLoss(let op): op
    case .reconstructionLossGradient(let op): op
    case .reconstructionLossWithGradient(let op): op
    case .exampleLoss(let op): op
    case .exampleLossGradient(let op): op
    case .sumOfSquares(let op): op
    case .sumOfAbsolutes(let op): op
    case .sumOfAbsolutesGradient(let op): op
    case .sparsity(let op): op
    case .sparsityGradient(let op): op
    case .freeBits(let op): op
    case .freeBitsGradient(let op): op
    case .discrepancy(let op): op
    case .discrepancyGradient(let op): op
    case .normal(let op): op
    case .dropout(let op): op
    case .noise(let op): op
    case .noiseGradient(let op): op
    case .reparameterize(let op): op
    case .reparameterizeGradient(let op): op
    case .importanceSample(let op): op
    case .importanceSampleGradient(let op): op
    case .importanceBound(let op): op
    case .importanceBoundGradient(let op): op
    case .shapedPrior(let op): op
    case .scheduled(let op): op
    case .gatherLabels(let op): op
    case .concatenate(let op): op
    case .columns(let op): op
    case .nearest(let op): op
    case .lookUp(let op): op
    case .straightThrough(let op): op
    case .perplexity(let op): op
    case .allReduce(let op): op
    case .record(let op): op
    case .updateStatistics(let op): op
    case .updateCodebook(let op): op
    case .update(let op): op
    }
  }
}

/// The rules of one op: its types and its cost. An op between a loss and its parameters must be a
/// `DifferentiableOperation`.
package protocol Operation: Hashable, Sendable {
  /// The op's name, with settings if they distinguish ops: `product(A, Bᵀ) + bias, relu`.
  var name: String { get }

  /// Whether gradients pass through it; if not, its results count as data.
  var isDifferentiable: Bool { get }

  /// Checks the operands and returns the types of the results.
  func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType]

  /// Floating-point operations of one run; a multiply-add counts as two.
  func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int
}

/// An op with a gradient rule.
package protocol DifferentiableOperation: Operation {
  /// Adds the nodes that compute the gradients of the inputs from those of the outputs.
  /// - Returns: a gradient for each input in `call.wanted`; `nil` for others.
  /// - Throws: `GraphError.notDifferentiable` for an input or output that the rule does not
  ///   support.
  func gradients(_ call: GradientCall, in graph: inout Graph) throws(GraphError) -> [TensorID?]
}

extension Operation {
  /// The op's name without settings: `product`.
  package var word: String { String(name.prefix { $0.isLetter || $0.isNumber }) }

  package var isDifferentiable: Bool { true }

  /// One operation per element of the result or, for sums, of the operand.
  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    max(outputs.map(\.count).max() ?? 0, inputs.map(\.count).max() ?? 0)
  }

  /// The error for wrong operands.
  func mismatch(_ expected: String, _ received: [TensorType]) -> GraphError {
    .operands(op: name, expected: expected, received: received)
  }
}
