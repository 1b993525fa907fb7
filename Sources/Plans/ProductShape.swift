import Graphs

/// What determines the speed of a matrix product: its sizes, the layout of its operands, and its
/// fused operations.
package struct ProductShape: Hashable, Sendable, Codable, CustomStringConvertible {
  /// Rows and columns of the result, and the number of terms of each sum.
  package var m, n, k: Int
  package var transposeA = false
  package var transposeB = false
  /// Whether operations are fused into it.
  package var epilogue = false
  /// Whether the sums of B's columns are also computed: a bias gradient together with its weight
  /// gradient.
  package var columnSums = false

  package init(m: Int, n: Int, k: Int) { (self.m, self.n, self.k) = (m, n, k) }

  /// - Parameters:
  /// - a: the shape of A in memory.
  ///   - c: `[M, N]`
  init(_ op: Product, a: Shape, c: Shape, columnSums: Bool) {
    self.init(m: c[0], n: c[1], k: a[op.transposeA ? 0 : 1])
    (transposeA, transposeB) = (op.transposeA, op.transposeB)
    epilogue = op.epilogue != Epilogue()
    self.columnSums = columnSums
  }

  /// `512 × 20 × 128, Aᵀ, column sums`
  package var description: String {
    var words = ["\(m) × \(n) × \(k)"]
    if transposeA { words.append("Aᵀ") }
    if transposeB { words.append("Bᵀ") }
    if epilogue { words.append("epilogue") }
    if columnSums { words.append("column sums") }
    return words.joined(separator: ", ")
  }
}

/// How products of one shape are computed.
package struct ProductChoice: Hashable, Sendable, Codable {
  package let shape: ProductShape
  /// The backend's name of the candidate.
  package let candidate: String

  package init(_ shape: ProductShape, by candidate: some CustomStringConvertible) {
    self.shape = shape
    self.candidate = candidate.description
  }
}

extension Plan {
  /// Its matrix products: the index of each among the steps, and its shape.
  package var products: [(step: Int, shape: ProductShape)] {
    let sums = columnSumsBesideProducts
    return steps.indices.compactMap { index in
      guard case .product(let op) = steps[index].op else { return nil }
      let (a, c) = (steps[index].inputs[0], steps[index].outputs[0])
      return (
        index,
        ProductShape(op, a: graph.shape(a), c: graph.shape(c), columnSums: sums[c] != nil)
      )
    }
  }

  /// The products that could also compute the column sums of an operand: `dW = xᵀ dy` and `db`, the
  /// sums of `dy`. Gradients have separate memory, so it does not matter when they are written.
  /// - Returns: the sums by the product's result.
  package var columnSumsBesideProducts: [TensorID: TensorID] {
    var sums: [TensorID: TensorID] = [:]
    for node in steps {
      guard case .columnSum = node.op, case .gradients = placements[node.outputs[0]] else {
        continue
      }
      sums[node.inputs[0]] = node.outputs[0]
    }
    var beside: [TensorID: TensorID] = [:]
    for node in steps {
      guard case .product(let op) = node.op, op.transposeA, !op.transposeB,
        graph.shape(node.outputs[0]).count > 0,
        let sum = sums.removeValue(forKey: node.inputs[1])
      else { continue }
      beside[node.outputs[0]] = sum
    }
    return beside
  }

  /// A plan with only the product at this step and the column sums computed with it; operands and
  /// results have the same memory.
  package func product(at step: Int) -> Plan {
    let product = steps[step]
    let sum = columnSumsBesideProducts[product.outputs[0]]
    let nodes = [product] + steps.filter { sum != nil && $0.outputs == [sum] }
    return Plan(
      name: "\(name)-product-\(step + 1)", graph: graph.with(nodes: nodes),
      outputs: nodes.flatMap(\.outputs), placements: placements, arenaCount: arenaCount)
  }
}
