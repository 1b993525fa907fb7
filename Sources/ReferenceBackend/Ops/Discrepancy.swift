import Graphs
import Plans

extension ReferenceExecutable {
  func discrepancy(_ op: Discrepancy, _ node: Node) -> Double {
    let shape = plan.graph.shape(node.inputs[0])
    let (x, y) = (points(node.inputs[0]), points(node.inputs[1]))
    func sum(_ a: [ArraySlice<Double>], _ b: [ArraySlice<Double>], distinct: Bool) -> Double {
      var sum = 0.0
      for i in a.indices {
        for j in b.indices where !(distinct && i == j) {
          let distance = squaredDistance(a[i], b[j])
          sum += op.kernel.values(squaredDistance: distance, dimensions: shape[1]).k
        }
      }
      return sum
    }
    let within = sum(x, x, distinct: true) + sum(y, y, distinct: true)
    return Discrepancy.weightWithin(rows: shape[0]) * within
      + 2 * Discrepancy.weightBetween(rows: shape[0]) * sum(x, y, distinct: false)
  }

  func discrepancyGradient(_ op: DiscrepancyGradient, _ node: Node) -> [Double] {
    let shape = plan.graph.shape(node.inputs[0])
    let (x, y) = (points(node.inputs[0]), points(node.inputs[1]))
    let ds = value(node.inputs[2])[0]
    let within = Discrepancy.weightWithin(rows: shape[0])
    let between = Discrepancy.weightBetween(rows: shape[0])
    return x.indices.flatMap { i in
      var gradient = [Double](repeating: 0, count: shape[1])
      func pull(_ other: ArraySlice<Double>, _ weight: Double) {
        let distance = squaredDistance(x[i], other)
        let slope = op.kernel.values(squaredDistance: distance, dimensions: shape[1]).derivative
        for (unit, (a, b)) in zip(x[i], other).enumerated() {
          gradient[unit] += 4 * ds * weight * slope * (a - b)
        }
      }
      for j in x.indices where j != i { pull(x[j], within) }
      for j in y.indices { pull(y[j], between) }
      return gradient
    }
  }

  private func points(_ id: TensorID) -> [ArraySlice<Double>] {
    let (values, shape) = (value(id), plan.graph.shape(id))
    return (0..<shape[0]).map { values[$0 * shape[1]..<($0 + 1) * shape[1]] }
  }

  private func squaredDistance(_ a: ArraySlice<Double>, _ b: ArraySlice<Double>) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }
}
