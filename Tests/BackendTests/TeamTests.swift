import CPUBackend
import Graphs
import Plans
import TestSupport
import Testing

/// Fewer threads while other processes want the CPUs.
@Suite(.serialized) struct TeamTests {
  /// Products that oneDNN divides in one way among few threads, in another among many.
  private static let large = [
    (100, 1000, 784), (100, 784, 1000), (1000, 784, 100), (2, 1000, 100), (100, 2, 1000),
    (1000, 2, 100),
    (100, 1000, 2),
  ].flatMap {
    (m, n, k) in
    [(false, false), (true, false), (false, true)].map { a, b in
      OpCase(
        .product(Product(transposeA: a, transposeB: b)),
        [(a ? [k, m] : [m, k], .normal), (b ? [n, k] : [k, n], .normal)])
    }
  }

  /// Whatever the number of threads, the results are the same to the last bit.
  @Test(arguments: [2, 3]) func everyTeamGivesTheSameBits(_ whole: Int) throws {
    let store = try CPUBackend(threads: whole).makeStore(.empty)
    for opCase in OpCases.all + Self.large {
      let (plan, inputs, outputs) = try opCase.plan()
      let executable = try #require(try store.prepare(plan) as? CPUExecutable)
      func results(_ threads: Int) throws -> [[Double]] {
        for (index, input) in inputs.enumerated() {
          guard case .input = plan.graph[input].role else { continue }
          executable.write(opCase.values(of: index), to: input)
        }
        try executable.run(teamOf: threads)
        return outputs.map(executable.read)
      }
      let expected = try results(whole)
      for threads in (1...whole).reversed() {
        let found = try results(threads)
        let isSame = zip(found, expected).allSatisfy {
          $0.elementsEqual($1) { $0 == $1 || ($0.isNaN && $1.isNaN) }
        }
        #expect(isSame, "\(opCase) with \(threads) threads")
      }
    }
  }

  /// A CPU that another process keeps busy takes a thread away after two windows; it is tried again,
  /// less often each time, and comes back once it is free.
  @Test func followsTheLoad() {
    var team = TeamSize(full: 2)
    var now = 0.0
    func advance(_ windows: Int, missing: Double) -> [Int] {
      (0..<windows).map { _ in
        now += TeamSize.window
        team.update(
          waited: missing * TeamSize.window, seconds: TeamSize.window, now: now)
        return team.current
      }
    }
    #expect(advance(5, missing: 0.05) == [2, 2, 2, 2, 2])
    // A moment's work of the system, then a busy neighbour.
    #expect(advance(2, missing: 0.5) == [2, 1])
    #expect(advance(4, missing: 0) == [1, 1, 1, 1])
    #expect(advance(1, missing: 0) == [2])
    #expect(advance(1, missing: 0.5) == [1])
    #expect(advance(9, missing: 0).allSatisfy { $0 == 1 })
    #expect(advance(3, missing: 0) == [2, 2, 2])
    #expect(advance(1, missing: 0.5) == [2])
    #expect(advance(1, missing: 0) == [2])
  }

  /// Two trainings of all CPUs share them; none gets less than one.
  @Test func leavesAtLeastOne() {
    var team = TeamSize(full: 8)
    for window in 1...2 { team.update(waited: 0.8, seconds: 0.2, now: Double(window)) }
    #expect(team.current == 4)
    for window in 3...9 { team.update(waited: 1.6, seconds: 0.2, now: Double(window)) }
    #expect(team.current == 1)
  }
}
