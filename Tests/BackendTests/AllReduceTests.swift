import Graphs
import Plans
import Ranks
import TestSupport
import Testing

/// Exchanges of several ranks, which are threads here.
@Suite struct AllReduceTests {
  /// What each rank gets from an exchange of tensors of these values.
  private func exchange(
    _ backend: TestBackend, _ kinds: [AllReduce.Kind], _ operands: [[(shape: Shape, value: Double)]]
  ) throws -> [[[Double]]] {
    try RankThreads.run(kinds.count) { ranks in
      let backend = try backend.makeOwn()
      backend.exchange = ranks
      let store = try backend.makeStore(
        StoreLayout(parameters: noParameters, momentCount: 0, seed: 1, feeds: [:]))
      var graph = Graph()
      let own = operands[ranks.place.rank]
      let inputs = own.indices.map {
        graph.add(.input(name: "\($0)"), TensorType(own[$0].shape))
      }
      let outputs = try graph.add(.allReduce(AllReduce(kinds[ranks.place.rank])), inputs)
      let plan = Plan("exchange", graph, outputs: outputs, parameters: noParameters)
      let executable = try store.prepare(plan)
      for (input, operand) in zip(inputs, own) {
        try executable.write(
          (0..<operand.shape.count).map { operand.value + Double($0) }, to: input)
      }
      // Twice, as nothing of a step may be left in the next.
      try executable.run()
      try executable.run()
      return try outputs.map(executable.read)
    }
  }

  @Test(arguments: TestBackend.all) func sumsWithFactors(_ backend: TestBackend) throws {
    let factors = [[0.5, 1], [0.25, 2], [0.25, 1]]
    let operands = [0.0, 10, 20].map { value -> [(shape: Shape, value: Double)] in
      [([3], value), ([], value)]
    }
    let found = try exchange(backend, factors.map { .sum($0) }, operands)
    #expect(
      found == [[[7.5, 8.5, 9.5], [40]], [[7.5, 8.5, 9.5], [40]], [[7.5, 8.5, 9.5], [40]]])
  }

  /// Ranks with one and with two examples of two rows each, and of one number.
  @Test(arguments: TestBackend.all) func rowsOfAllRanks(_ backend: TestBackend) throws {
    let kinds = [(0, 1), (1, 2)].map {
      AllReduce.Kind.rows(of: BatchPart(start: $0.0, wholeSize: 3), size: $0.1)
    }
    let operands: [[(shape: Shape, value: Double)]] = [
      [([2, 2], 0), ([1], 50)], [([4, 2], 10), ([2], 60)],
    ]
    let found = try exchange(backend, kinds, operands)
    let whole: [[Double]] = [[0, 1, 2, 3, 10, 11, 12, 13, 14, 15, 16, 17], [50, 60, 61]]
    #expect(found == [whole, whole])
  }

  /// Numbers of 64 bits are exact, and every rank gets all of them.
  @Test func gathersNumbers() throws {
    let numbers: [UInt64] = [0, .max, 0x0123_4567_89AB_CDEF]
    let found = try RankThreads.run(3) { $0.gather(numbers[$0.place.rank]) }
    #expect(found == [numbers, numbers, numbers])
  }

  /// All rows belong to some rank, in order, and sizes differ by one at most.
  @Test(arguments: 1...9, [0, 1, 5, 8, 64, 1000]) func parts(count: Int, rows: Int) {
    let parts = (0..<count).map { RankPlace(rank: $0, count: count).part(of: rows) }
    #expect(parts.flatMap { Array($0) } == Array(0..<rows))
    #expect(parts.map(\.count).max()! - parts.map(\.count).min()! <= 1)
  }

  /// What launchers set, and what a plain start has.
  @Test func launches() {
    func launch(_ variables: [String: String]) -> RankLaunch? {
      RankLaunch(environment: { variables[$0] })
    }
    #expect(launch([:]) == nil)
    #expect(launch(["SLURM_NTASKS": "4", "SLURM_PROCID": "0"]) == nil)
    #expect(launch(["OMPI_COMM_WORLD_RANK": "0", "OMPI_COMM_WORLD_SIZE": "1"]) == nil)
    #expect(
      launch([
        "OMPI_COMM_WORLD_RANK": "3", "OMPI_COMM_WORLD_SIZE": "4",
        "OMPI_COMM_WORLD_LOCAL_RANK": "1", "OMPI_COMM_WORLD_LOCAL_SIZE": "2", "PMIX_RANK": "3",
      ])
        == RankLaunch(
          place: RankPlace(rank: 3, count: 4), local: RankPlace(rank: 1, count: 2),
          library: .openMPI))
    #expect(
      launch([
        "PMI_RANK": "2", "PMI_SIZE": "3", "MPI_LOCALRANKID": "0", "MPI_LOCALNRANKS": "1",
      ])
        == RankLaunch(
          place: RankPlace(rank: 2, count: 3), local: RankPlace(rank: 0, count: 1),
          library: .mpich))
    let slurm = [
      "PMIX_RANK": "5", "SLURM_PROCID": "5", "SLURM_NTASKS": "8", "SLURM_LOCALID": "1",
      "SLURM_STEP_TASKS_PER_NODE": "4(x2)",
    ]
    #expect(
      launch(slurm)
        == RankLaunch(
          place: RankPlace(rank: 5, count: 8), local: RankPlace(rank: 1, count: 4),
          library: .openMPI))
    #expect(launch(slurm.merging(["AEGPU_MPI": "mpich"]) { $1 })?.library == .mpich)
  }
}
