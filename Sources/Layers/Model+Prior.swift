import Graphs
import Randoms

extension Model {
  /// Whether training makes codes follow a prior, so that new ones can be drawn from it.
  package var followsPrior: Bool {
    if case .variational = latent { return true }
    if loss.discrepancy != nil { return true }
    let prior = ModelTensor.prior.rawValue
    return parts.contains { $0.reads.contains(prior) }
      || phases.contains { phase in
        phase.minimises.contains { goal in
          guard case .term(let term) = goal else { return false }
          return term.of == prior || term.against == .tensor(prior)
        }
      }
  }

  /// Whether a layer reads the class of an example.
  package var readsLabel: Bool {
    let label = ModelTensor.label.rawValue
    let layers = encoder + decoder + parts.flatMap(\.layers)
    return layers.contains(.concatenate(ConcatenateLayer()))
      || parts.contains { $0.reads.contains(label) }
      || phases.contains { phase in
        phase.minimises.contains { goal in
          guard case .term(let term) = goal else { return false }
          return term.of == label || term.against == .tensor(label)
        }
      }
  }

  /// Codes drawn from the prior, as in the pictures of samples. The first codes do not depend on
  /// their number.
  /// - Parameter temperature: factor for the standard deviation; for a shaped prior, of the
  ///   deviations from its shape.
  /// - Returns: `[count, units]`.
  package func priorCodes(
    count: Int, units: Int, seed: UInt64, temperature: Double
  ) -> [Float] {
    (0..<count).flatMap { sample -> [Float] in
      let philox = Philox(seed: seed, stream: .sampling, step: UInt64(sample))
      guard let prior else {
        return philox.normals(count: units).map { Float(temperature) * $0 }
      }
      let z = philox.normals(count: 4).map(Double.init)
      let point = prior.point(z[0], z[1], temperature * z[2], temperature * z[3])
      return [Float(point.x), Float(point.y)]
    }
  }

  /// Codes drawn from the prior on the device.
  /// - Parameter shape: `[N] + codeShape`.
  func drawPrior(
    _ shape: Shape, _ stream: RandomStream, _ feed: Feed, in network: inout NetworkBuilder
  ) throws(GraphError) -> TensorID {
    func normal(_ shape: Shape) throws(GraphError) -> TensorID {
      let op = Normal(
        shape, stream: stream.rawValue, feed: feed, numbering: network.numbering(of: shape))
      return try network.graph.add(.normal(op), [])[0]
    }
    guard let prior else { return try normal(shape) }
    guard shape.rank == 2, shape[1] == 2 else {
      throw .operands(
        op: "prior \(prior.rawValue)", expected: "codes of 2 numbers",
        received: [TensorType(shape)])
    }
    return try network.graph.add(
      .shapedPrior(ShapedPrior(prior)), [normal([shape[0], 4])])[0]
  }
}
