import Graphs
import Plans
import Randoms

extension ReferenceExecutable {
  func normal(_ op: Normal) -> [Double] {
    draw(op.stream, op.feed, op.numbering, op.shape) { $0.doubleNormals(count: $1) }
  }

  func dropout(_ op: Dropout, _ node: Node) -> [Double] {
    let x = value(node.inputs[0])
    let shape = plan.graph.shape(node.inputs[0])
    let uniforms = draw(op.stream, op.feed, op.numbering, shape) { $0.uniforms(count: $1) }
    return zip(x, uniforms).map { Double($1) >= op.rate ? $0 * op.scale : 0 }
  }

  /// The numbers of a stream at the feed's present counters.
  private func draw<Number>(
    _ stream: UInt32, _ feed: Feed, _ numbering: Numbering, _ shape: Shape,
    _ numbers: (Philox, _ count: Int) -> [Number]
  ) -> [Number] {
    let feed = store.feeds[feed]!
    let first = numbering.firstStep(first: feed.first, row: feed.row, step: feed.step)
    let (rows, columns) = numbering.matrix(shape)
    let before = numbering.firstElement
    return (0..<rows).flatMap { row in
      let step = numbering.step(ofRow: row, from: first)
      let philox = Philox(
        seed: store.layout.seed, stream: RandomStream(rawValue: stream), step: step)
      return numbers(philox, before + columns).dropFirst(before)
    }
  }
}
