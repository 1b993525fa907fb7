import Graphs
import Plans
import Randoms
import Training

extension Weights {
  /// The first weights of a run, and noise where layers begin with numbers that are all alike, as
  /// biases do: zeros would hide that one is left out.
  init(uneven plans: RunPlans, seed: UInt64) {
    let first = Weights(plans, seed: seed)
    func uneven(
      _ flat: [Double], _ ranges: [Range<Int>], _ stream: RandomStream
    ) -> [Double] {
      var flat = flat
      let noise = Philox(seed: seed, stream: stream).uniforms(count: flat.count)
      for range in ranges where flat[range].allSatisfy({ $0 == flat[range.lowerBound] }) {
        for index in range { flat[index] += Double(0.05 + 0.2 * noise[index]) }
      }
      return flat
    }
    self.init(
      layout: first.layout,
      flat: uneven(
        first.flat, first.layout.entries.map { $0.offset..<$0.offset + $0.shape.count },
        .sampling),
      stateLayout: first.stateLayout,
      state: uneven(
        first.state, first.stateLayout.entries.map { $0.offset..<$0.offset + $0.shape.count },
        .sampling))
  }
}
