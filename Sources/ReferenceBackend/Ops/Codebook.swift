import Foundation
import Graphs
import Randoms

extension ReferenceExecutable {
  func nearest(_ node: Node) -> [Double] {
    let (scores, codes) = (value(node.inputs[0]), rows(of: node.inputs[1]))
    let norms = codes.map { $0.reduce(0) { $0 + $1 * $1 } }
    return stride(from: 0, to: scores.count, by: norms.count).map { first in
      var (best, index) = (Double.infinity, 0)
      for (k, norm) in norms.enumerated() where norm - 2 * scores[first + k] < best {
        (best, index) = (norm - 2 * scores[first + k], k)
      }
      return Double(index)
    }
  }

  func lookUp(_ node: Node) -> [Double] {
    let codes = rows(of: node.inputs[1])
    return value(node.inputs[0]).flatMap { codes[Int($0)] }
  }

  func perplexity(_ op: Perplexity, _ node: Node) -> Double {
    let indices = value(node.inputs[0])
    var counts = [Double](repeating: 0, count: op.count)
    for index in indices { counts[Int(index)] += 1 }
    let entropy = counts.reduce(0) { sum, count in
      let share = count / Double(indices.count)
      return count == 0 ? sum : sum - share * log(share)
    }
    return exp(entropy)
  }

  /// Runs after the step's record.
  func updateCodebook(_ op: UpdateCodebook, _ node: Node) {
    guard store.nonFinite == nil else { return }
    let x = rows(of: node.inputs[0])
    var counts = value(node.inputs[3]).map { op.decay * $0 }
    var sums = rows(of: node.inputs[4]).map { $0.map { op.decay * $0 } }
    for (row, index) in zip(x, value(node.inputs[1])) {
      counts[Int(index)] += 1 - op.decay
      for d in row.indices { sums[Int(index)][d] += (1 - op.decay) * row[d] }
    }
    let (total, count) = (counts.reduce(0, +), Double(counts.count))
    let random = Philox(
      seed: store.layout.seed, stream: RandomStream(rawValue: op.stream),
      step: UInt64(store.feeds[.training]!.step))
    var codes: [[Double]] = []
    for k in counts.indices {
      if counts[k] <= op.restart * total / count {
        let row = x[Int((UInt64(random.word(k)) * UInt64(x.count)) >> 32)]
        counts[k] = total / count
        sums[k] = row.map { $0 * total / count }
        codes.append(row)
      } else {
        let smoothed = (counts[k] + op.epsilon) / (total + count * op.epsilon) * total
        codes.append(sums[k].map { $0 / smoothed })
      }
    }
    set(node.inputs[2], codes.flatMap(\.self))
    set(node.inputs[3], counts)
    set(node.inputs[4], sums.flatMap(\.self))
  }

  private func rows(of matrix: TensorID) -> [[Double]] {
    let (values, columns) = (value(matrix), plan.graph.shape(matrix).columns)
    return stride(from: 0, to: values.count, by: max(columns, 1)).map {
      Array(values[$0..<$0 + columns])
    }
  }
}
