import Graphs

/// What a network needs if each rank computes a part of the batch. Without ranks nothing is added.
extension NetworkBuilder {
  /// The fraction of the batch that this rank has.
  var share: Double { part.map { Double(batchSize) / Double($0.wholeSize) } ?? 1 }

  /// The numbering of the random numbers of a tensor: in training, they are counted over the rows of
  /// all ranks.
  func numbering(of shape: Shape) -> Numbering {
    guard let part, part.start > 0, numbering == .step else { return numbering }
    return .elements(from: part.start * (shape.count / batchSize))
  }

  /// The rows of all ranks, for what cannot be computed from parts of a batch and then added.
  mutating func wholeBatch(_ tensors: [TensorID]) throws(GraphError) -> [TensorID] {
    guard let part else { return tensors }
    return try graph.add(.allReduce(AllReduce(.rows(of: part, size: batchSize))), tensors)
  }

  /// The mean over the batch of all ranks of tensors that are means over each rank's part.
  mutating func wholeMean(_ x: TensorID) throws(GraphError) -> TensorID {
    guard part != nil else { return x }
    return try graph.add(.allReduce(AllReduce(.sum([share]))), [x])[0]
  }

  /// Notes that a value is the same on all ranks, and not one that the ranks' values add up to.
  mutating func noteWhole(_ value: TensorID) { wholeValues.insert(value) }

  /// The factor with which the ranks' values of a term add up to that of the whole batch.
  func rankFactor(of value: TensorID, _ part: LossPart) -> Double {
    sumsBatch && !part.isMeasure && !wholeValues.contains(value) ? 1 : share
  }

  /// Mean and variance of each channel over the batch of all ranks.
  ///
  /// `v = Σ shareᵣ · (vᵣ + (μᵣ − μ)²)`, from the mean `μᵣ` and variance `vᵣ` of each rank's part, does
  /// not cancel.
  mutating func wholeStatistics(
    mean: TensorID, variance: TensorID
  ) throws(GraphError) -> (mean: TensorID, variance: TensorID) {
    let whole = try wholeMean(mean)
    let columns: Shape = [graph.shape(mean).count, 1]
    let distance = try graph.add(
      .exampleLoss(ExampleLoss(.squaredError)),
      [reshape(mean, to: columns), reshape(whole, to: columns)])
    let spread = try graph.add(.add(Add()), [variance, distance[0]])[0]
    return (whole, try wholeMean(spread))
  }
}

extension ModelTensors {
  /// Losses and gradients of the batch of all ranks; without ranks, those of this batch.
  mutating func summed(
    _ terms: [(value: TensorID, part: LossPart)], _ gradients: [TensorID]
  ) throws(GraphError) -> (losses: [TensorID], gradients: [TensorID]) {
    let losses = terms.map(\.value)
    guard network.part != nil else { return (losses, gradients) }
    let factors = terms.map { network.rankFactor(of: $0.value, $0.part) } + gradients.map { _ in 1 }
    let sum = AllReduce(.sum(factors), inPlaceCount: gradients.count)
    let sums = try add(.allReduce(sum), losses + gradients)
    return (Array(sums.prefix(losses.count)), Array(sums.dropFirst(losses.count)))
  }
}
