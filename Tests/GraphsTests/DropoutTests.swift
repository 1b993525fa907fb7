import Graphs
import Plans
import Randoms
import ReferenceBackend
import TestSupport
import Testing

@Suite struct DropoutTests {
  private func draw(_ rate: Double, scaled: Bool = true, count: Int) throws -> [Double] {
    let op = Dropout(rate: rate, stream: 0x2_0000, feed: .training, scaled: scaled)
    var graph = Graph()
    let one = graph.add(.constant(1), TensorType([count]))
    let y = try graph.add(.dropout(op), [one])[0]
    let plan = Plan("dropout", graph, outputs: [y], parameters: noParameters)
    let executable = try ReferenceBackend().makeStore(.empty).prepare(plan)
    try executable.run()
    return try executable.read(y)
  }

  @Test(arguments: [0, 0.1, 0.5, 0.9])
  func leavesOutItsShareAndKeepsTheSum(_ rate: Double) throws {
    let values = try draw(rate, count: 40_000)
    let kept = Double(values.count { $0 != 0 }) / 40_000
    #expect(abs(kept - (1 - rate)) < 0.01)
    #expect(Set(values).isSubset(of: [0, 1 / (1 - rate)]))
    #expect(Set(try draw(rate, scaled: false, count: 400)).isSubset(of: [0, 1]))
  }

  /// The whole-number rule that the op states is the rule by uniform numbers, draw for draw.
  @Test(arguments: [0, 0.1, 0.3, 0.5, 1.0 / 3, 0.999])
  func theThresholdIsTheRate(_ rate: Double) throws {
    let op = Dropout(rate: rate, stream: 0x2_0000, feed: .training, scaled: true)
    let philox = Philox(seed: 0, stream: .dropout(layer: 0))
    let kept = try draw(rate, count: 1000).map { $0 != 0 }
    #expect(kept == (0..<1000).map { philox.word($0) >> 8 >= op.threshold })
  }
}
