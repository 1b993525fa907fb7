import Graphs
import Plans
import ReferenceBackend
import TestSupport
import Testing

/// The random numbers of examples and samples do not depend on the batch size.
@Suite(.serialized) struct NumberingTests {
  private static let exampleCount = 21

  /// Normals and masks of every example, taken in batches of `size`.
  private func draws(
    _ backend: any Backend, columns: Int, batch size: Int, step: Int = 0,
    _ numbering: (_ stride: Int) -> Numbering
  ) throws -> [[Double]] {
    let store = try backend.makeStore(
      StoreLayout(
        parameters: noParameters, momentCount: 0, seed: 77,
        feeds: [
          .training: FeedLayout(
            examples: TensorType([1, 1]), stepCount: Self.exampleCount, partCount: 0)
        ]))
    let numbering = numbering(size)
    let shape: Shape = [size * numbering.drawCount, columns]
    var graph = Graph()
    let normal = Normal(shape, stream: 6, feed: .training, numbering: numbering)
    var outputs = try graph.add(.normal(normal), [])
    if numbering.drawCount == 1 {
      let one = graph.add(.constant(1), TensorType(shape))
      let mask = Dropout(
        rate: 0.4, stream: 7, feed: .training, scaled: false, numbering: numbering)
      outputs += try graph.add(.dropout(mask), [one])
    }
    try graph.add(.record(Record(feed: .training, partCount: 0)), [])
    let plan = Plan("draw", graph, outputs: outputs, parameters: noParameters)
    let executable = try store.prepare(plan)
    var found = outputs.map { _ in [Double]() }
    try store.begin(.training, step: step, order: nil, schedule: [])
    for start in stride(from: 0, to: Self.exampleCount, by: size) {
      if numbering == .sample {
        try store.begin(.training, step: step + start, order: nil, schedule: [])
      }
      try executable.run()
      for (index, output) in outputs.enumerated() { found[index] += try executable.read(output) }
    }
    let count = Self.exampleCount * numbering.drawCount * columns
    return found.map { Array($0.prefix(count)) }
  }

  @Test(arguments: TestBackend.all, [1, 3, 20, 257])
  func anExampleDrawsTheSameInEveryBatch(_ backend: TestBackend, columns: Int) throws {
    for numbering in [{ .example(stride: $0) }, { _ in .sample }] as [(Int) -> Numbering] {
      // Close to where samples need the step's upper half.
      let step = numbering(1) == .sample ? (1 << 32) - 9 : 0
      let all = try draws(backend.make(), columns: columns, batch: 21, step: step, numbering)
      for size in [1, 4, 7] {
        #expect(
          try draws(backend.make(), columns: columns, batch: size, step: step, numbering) == all)
      }
      let judge = try draws(
        ReferenceBackend(), columns: columns, batch: 5, step: step, numbering)
      try expectClose(all, judge)
      #expect(Set(all[0]).count > columns * 20)
    }
  }

  /// Draw 40 of an example is the same among five or two, of one example or of all.
  @Test(arguments: TestBackend.all, [1, 3, 20])
  func drawsOfAnExampleAreNumbered(_ backend: TestBackend, columns: Int) throws {
    let five = try draws(backend.make(), columns: columns, batch: 7, step: 0) {
      .draws(count: 5, stride: $0)
    }
    let judge = try draws(ReferenceBackend(), columns: columns, batch: 21, step: 0) {
      .draws(count: 5, stride: $0)
    }
    // The step counts up with the rows here, and with it the draws.
    let firstBatch = Array(five[0].prefix(7 * 5 * columns))
    try expectClose([firstBatch], [Array(judge[0].prefix(7 * 5 * columns))])
    let two = try draws(backend.make(), columns: columns, batch: 21, step: 3) {
      .draws(count: 2, stride: $0)
    }
    for example in 0..<7 {
      let late = firstBatch[(example * 5 + 3) * columns..<(example * 5 + 5) * columns]
      #expect(Array(late) == Array(two[0][example * 2 * columns..<(example + 1) * 2 * columns]))
    }
    #expect(Set(five[0]).count > columns * 100)
  }

  /// A part of a batch draws the numbers that these elements have in the whole batch, wherever it
  /// begins.
  @Test(arguments: TestBackend.all, [(5, 3), (4, 8), (257, 33), (1030, 258)])
  func aPartDrawsTheNumbersOfTheWhole(_ backend: TestBackend, sizes: (count: Int, first: Int))
    throws
  {
    func draws(_ numbering: Numbering, _ count: Int) throws -> [[Double]] {
      let store = try backend.make().makeStore(
        StoreLayout(
          parameters: noParameters, momentCount: 0, seed: 77,
          feeds: [
            .training: FeedLayout(examples: TensorType([1, 1]), stepCount: 1, partCount: 0)
          ]))
      var graph = Graph()
      let one = graph.add(.constant(1), TensorType([count]))
      let normal = Normal([count], stream: 6, feed: .training, numbering: numbering)
      let mask = Dropout(
        rate: 0.4, stream: 7, feed: .training, scaled: false, numbering: numbering)
      let outputs = try graph.add(.normal(normal), []) + graph.add(.dropout(mask), [one])
      let plan = Plan("draw", graph, outputs: outputs, parameters: noParameters)
      let executable = try store.prepare(plan)
      try store.begin(.training, step: 5, order: nil, schedule: [])
      try executable.run()
      return try outputs.map(executable.read)
    }
    let whole = try draws(.step, sizes.first + sizes.count)
    let part = try draws(.elements(from: sizes.first), sizes.count)
    #expect(part == whole.map { Array($0.dropFirst(sizes.first)) })
  }

  private func expectClose(_ judged: [[Double]], _ judge: [[Double]]) throws {
    for (values, expected) in zip(judged, judge) {
      let difference = Tolerance(absolute: 4e-6, relative: 2e-6)
        .firstDifference(values, expected)
      #expect(difference == nil, "\(difference ?? "")")
    }
  }
}
