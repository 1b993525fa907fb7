import CPUBackend
import Graphs
import Plans
import TestSupport
import Testing

/// Properties of the native backend only.
@Suite(.serialized) struct NativeBackendTests {
  @Test func describesItself() {
    let device = CPUBackend(threads: 2).device
    #expect(device.identifier == "cpu")
    #expect(device.kind == .native)
    #expect(device.computeUnits == 2)
    #expect(device.version.wholeMatch(of: /oneDNN [23]\.\d+\.\d+/) != nil)
    #expect(["avx512", "avx2", "sse2", "neon", "scalar"].contains(device.vectorInstructions))
  }

  @Test func refusesWhatDoesNotFit() throws {
    let backend = CPUBackend()
    let count = 1 << 50
    let layout = StoreLayout(
      parameters: ParameterLayout([(name: "w", shape: [count])]), momentCount: 0, seed: 0,
      feeds: [:])
    let error = try #require(throws: CPUError.self) { try backend.makeStore(layout) }
    let memory = backend.device.globalMemoryBytes
    #expect(
      error.description == "cpu: expected to allocate \(4 * count) bytes, but this machine has "
        + "\(memory); use a smaller batch, network or data set")
  }

  /// The three convolutions of each layer of the convolutional recipes run code that was written
  /// for this machine: oneDNN's reference code would take a thousand times as long.
  @Test(arguments: [([28, 28, 1], 32), ([14, 14, 32], 32), ([7, 7, 32], 32), ([28, 28, 32], 1)])
  func convolvesFast(image: [Int], outputs: Int) throws {
    var graph = Graph()
    let window = Window(3, padding: .same)
    let sum = Shape([32] + image.dropLast() + [outputs])
    let x = graph.add(.input(name: "x"), TensorType(Shape([32] + image)))
    let w = graph.add(.input(name: "w"), TensorType([3, 3, image[2], outputs]))
    let dy = graph.add(.input(name: "dy"), TensorType(sum))
    let results = try [
      graph.add(.conv2D(Conv2D(window)), [x, w])[0],
      graph.add(
        .conv2DInputGradient(Conv2DInputGradient(window, height: image[0], width: image[1])),
        [dy, w])[0],
      graph.add(.conv2DWeightGradient(Conv2DWeightGradient(window)), [x, dy])[0],
    ]
    let plan = Plan("convolutions", graph, outputs: results, parameters: noParameters)
    let executable = try CPUBackend().makeStore(.empty).prepare(plan)
    let implementations = try #require(executable as? CPUExecutable).implementations
    #expect(implementations.count == 3)
    for name in implementations {
      #expect(!name.hasPrefix("ref") && !name.hasPrefix("simple") && name != "loops", "\(name)")
    }
  }

  /// The same seed and number of threads: the same bits, weights included.
  @Test(arguments: [1, 2]) func repeatsItsBits(threads: Int) throws {
    let (batch, features, hidden) = (64, 200, 72)
    let optimizer = Optimizer.adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
    let examples = TensorType([batch, features])
    let layout = StoreLayout(
      parameters: ParameterLayout([
        (name: "w", shape: [features, hidden]), (name: "b", shape: [hidden]),
        (name: "v", shape: [hidden, features]),
      ]), momentCount: 2, seed: 7,
      feeds: [.training: FeedLayout(examples: examples, stepCount: 5, partCount: 1)])
    var graph = Graph()
    let data = graph.add(.examples(.training), examples)
    let order = graph.add(.order(.training), TensorType([batch], .int32))
    let gather = Gather(feed: .training, batchSize: batch, stride: 0, scale: 1)
    let x = try graph.add(.gather(gather), [data, order])[0]
    let parameters = layout.parameters.entries.map {
      graph.add(.parameter(name: $0.name), TensorType($0.shape))
    }
    let sum = try graph.add(.product(Product()), [x, parameters[0]])[0]
    let biased = try graph.add(.addBias(AddBias()), [sum, parameters[1]])[0]
    let code = try graph.add(.activate(Activate(.elu)), [biased])[0]
    let y = try graph.add(.product(Product()), [code, parameters[2]])[0]
    let loss = try graph.add(
      .reconstructionLoss(ReconstructionLoss(.squaredError, .mean)), [y, x])[0]
    let gradients = try graph.gradients(of: [(loss, 1)], by: parameters)
    try graph.add(.record(Record(feed: .training, partCount: 1)), [loss] + gradients)
    try graph.add(.update(Update(optimizer)), gradients)
    let plan = Plan("step", graph, outputs: [], parameters: layout.parameters)

    var results: [[Double]] = []
    for _ in 0..<2 {
      let store = try CPUBackend(threads: threads).makeStore(layout)
      let values = (0..<batch * features).map { Float($0 * 7919 % 1009) / 1009 }
      try store.load(.floats(values), into: .training)
      try store.write(
        (0..<layout.parameters.count).map { Double($0 * 31 % 101) / 1010 - 0.05 }, to: .parameters)
      try store.begin(
        .training, step: 0, order: nil,
        schedule: (1...5).map { optimizer.schedule(step: $0, learningRate: 1e-2) })
      let executable = try store.prepare(plan)
      for _ in 0..<5 { try executable.run() }
      results.append(try store.read(.parameters) + store.losses(.training, rows: 0..<5))
    }
    #expect(results[0] == results[1])
    #expect(results[0].suffix(5).first! > results[0].last!)
  }
}
