import Graphs
import Plans
import Randoms

extension ReferenceExecutable {
  func normal(_ op: Normal) -> [Double] {
    philox(op.stream, op.feed).doubleNormals(count: op.shape.count)
  }

  func dropout(_ op: Dropout, _ node: Node) -> [Double] {
    let x = value(node.inputs[0])
    let uniforms = philox(op.stream, op.feed).uniforms(count: x.count)
    return zip(x, uniforms).map { Double($1) >= op.rate ? $0 * op.scale : 0 }
  }

  /// The numbers of a stream at the feed's present step.
  private func philox(_ stream: UInt32, _ feed: Feed) -> Philox {
    Philox(
      seed: store.layout.seed, stream: RandomStream(rawValue: stream),
      step: UInt64(store.feeds[feed]!.step))
  }
}
