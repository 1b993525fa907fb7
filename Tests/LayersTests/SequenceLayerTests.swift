import Graphs
import Layers
import Plans
import ReferenceBackend
import TestSupport
import Testing

/// Layers over time, compared with layers over images of one line, and with sums computed here.
@Suite struct SequenceLayerTests {
  private static let input: Shape = [7, 2]

  /// An encoder's codes of five examples, and the examples.
  /// - Parameter weights: the parameters of its first layer.
  private func encode(
    _ encoder: [Layer], weights: [[Double]] = []
  ) throws -> (code: [Double], examples: [Double]) {
    let model = Model(
      input: Self.input, encoder: encoder, latent: .deterministic,
      decoder: [
        .flatten(Flatten()), .dense(Dense(units: Self.input.count)),
        .reshape(Layers.Reshape(shape: Self.input)),
      ], loss: Loss(reconstruction: .squaredError, reduction: .mean))
    let store = try SmallModels.store(model, on: ReferenceBackend())
    var parameters = try store.read(.parameters)
    for (entry, values) in zip(try SmallModels.layout(model).entries, weights) {
      #expect(entry.shape.count == values.count)
      parameters.replaceSubrange(entry.offset..<entry.offset + values.count, with: values)
    }
    try store.write(parameters, to: .parameters)
    let step = try model.reconstructionStep(SmallModels.batch(5))
    let executable = try store.prepare(SmallModels.plan("code", step, of: model))
    try executable.run()
    return (
      try executable.read(#require(step.outputs["code"])),
      try executable.read(#require(step.outputs["original"]))
    )
  }

  @Test(arguments: [(1, 1), (3, 1), (2, 2), (5, 2), (3, 3)])
  func convolvesAsOverOneLine(_ size: Int, _ stride: Int) throws {
    let window = Window(size, stride: stride, padding: .same)
    let row = (0..<size * 2 * 3).map { Double(($0 * 5) % 7) - 3 }
    let bias = [0.5, -1, 2]
    // Only one row of a square window is within the image.
    var square = [Double](repeating: 0, count: size * row.count)
    let first = (size - 1) / 2 * row.count
    square.replaceSubrange(first..<first + row.count, with: row)
    let one = try encode([.conv1D(Conv1D(filters: 3, window: window))], weights: [row, bias])
    let two = try encode(
      [
        .reshape(Layers.Reshape(shape: [1, 7, 2])),
        .conv2D(Layers.Conv2D(filters: 3, window: window)),
      ], weights: [square, bias])
    let close = Tolerance(absolute: 1e-12, relative: 1e-12)
    #expect(close.firstDifference(one.code, two.code) == nil)
  }

  @Test func convolvesByHand() throws {
    let window = Window(2, stride: 3, padding: .valid)
    let (code, x) = try encode(
      [.conv1D(Conv1D(filters: 1, window: window))], weights: [[1, 10, 100, 1000], [7]])
    let expected = (0..<5).flatMap { n in
      [0, 3].map { t in
        let at = n * 14 + 2 * t
        return x[at] + 10 * x[at + 1] + 100 * x[at + 2] + 1000 * x[at + 3] + 7
      }
    }
    #expect(Tolerance(absolute: 1e-9, relative: 0).firstDifference(code, expected) == nil)
  }

  /// A step spreads the window.
  @Test func transposesByHand() throws {
    let layer = ConvTranspose1D(filters: 1, window: Window(3, stride: 2, padding: .valid))
    let (code, x) = try encode(
      [.convTranspose1D(layer)], weights: [[1, 0, 10, 0, 100, 0], [0.5]])
    let expected = (0..<5).flatMap { n in
      (0..<15).map { t in
        let (even, before) = (n * 14 + t / 2 * 2, n * 14 + (t / 2 - 1) * 2)
        if t % 2 == 1 { return 0.5 + 10 * x[even] }
        return 0.5 + (t < 14 ? x[even] : 0) + (t > 0 ? 100 * x[before] : 0)
      }
    }
    #expect(Tolerance(absolute: 1e-9, relative: 0).firstDifference(code, expected) == nil)
  }

  @Test(arguments: Window.Padding.allCases, [(2, 2), (3, 1), (2, 3), (7, 7)])
  func poolsByHand(_ padding: Window.Padding, _ size: (Int, Int)) throws {
    let window = Window(size.0, stride: size.1, padding: padding)
    let (largest, x) = try encode([.maxPool1D(MaxPool1D(window: window))])
    let (mean, _) = try encode([.averagePool1D(AveragePool1D(window: window))])
    var expected: (largest: [Double], mean: [Double]) = ([], [])
    for n in 0..<5 {
      for i in 0..<window.count(over: 7) {
        let first = window.stride * i - window.offset(over: 7)
        let steps = max(first, 0)..<min(first + window.size, 7)
        for c in 0..<2 {
          let values = steps.map { x[(n * 7 + $0) * 2 + c] }
          expected.largest.append(values.max()!)
          expected.mean.append(values.reduce(0, +) / Double(values.count))
        }
      }
    }
    #expect(largest == expected.largest)
    #expect(Tolerance(absolute: 1e-12, relative: 0).firstDifference(mean, expected.mean) == nil)
  }

  @Test func repeatsAndUpsamples() throws {
    let (twice, x) = try encode([.upsample1D(Upsample1D(factor: 2))])
    let doubled: [[Double]] = (0..<35).map { row in
      let step = Array(x[2 * row...2 * row + 1])
      return step + step
    }
    #expect(twice == doubled.flatMap(\.self))
    let (codes, _) = try encode([.flatten(Flatten()), .repeat(Repeat(count: 3))])
    let tripled: [[Double]] = (0..<5).map { n in
      let code = Array(x[n * 14..<(n + 1) * 14])
      return code + code + code
    }
    #expect(codes == tripled.flatMap(\.self))
  }

  /// A state lasts at first: its weights keep lengths, and the forget gate is open.
  @Test func recurrentWeightsBegin() throws {
    func first(_ layer: Layer) throws -> [String: [Double]] {
      let model = Model(
        input: [7, 2], encoder: [layer], latent: .deterministic,
        decoder: [.dense(Dense(units: 14)), .reshape(Layers.Reshape(shape: [7, 2]))],
        loss: Loss(reconstruction: .squaredError, reduction: .mean))
      return Dictionary(
        uniqueKeysWithValues: try model.parameters().map {
          ($0.name, $0.initialValues(seed: 4).map(Double.init))
        })
    }
    let lstm = try first(.lstm(Layers.LSTM(units: 3)))
    #expect(lstm["encoder.0.bias"] == [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0])
    let weight = try #require(lstm["encoder.0.recurrentWeight"])
    #expect(abs(weight[0..<12].reduce(0) { $0 + $1 * $1 } - 1) < 1e-6)
    let plain = Layers.LSTM(units: 3, biasInitializer: .ones, forgetBias: 0)
    #expect(try first(.lstm(plain))["encoder.0.bias"] == [Double](repeating: 1, count: 12))
    let gru = try first(.gru(Layers.GRU(units: 3)))
    #expect(gru["encoder.0.recurrentBias"] == [Double](repeating: 0, count: 9))
    let other = try #require(gru["encoder.0.recurrentWeight"])
    #expect(abs((0..<9).reduce(0) { $0 + other[$1] * other[9 + $1] }) < 1e-6)
  }

  @Test func namesWhatDoesNotFit() {
    func message(_ layer: Layer, _ input: Shape) -> String? {
      let model = Model(
        input: input, encoder: [layer], latent: .deterministic, decoder: [],
        loss: Loss(reconstruction: .squaredError, reduction: .mean))
      return #expect(throws: GraphError.self) { try model.parameters() }?.description
    }
    let wide = Conv1D(filters: 1, window: Window(9, padding: .valid))
    #expect(
      message(.conv1D(wide), [7, 2])?.contains("sequences of at least 9 steps") == true)
    #expect(message(.conv1D(wide), [14])?.contains("sequences [N, T, C]") == true)
    #expect(message(.repeat(Repeat(count: 2)), [7, 2])?.contains("codes [N, C]") == true)
  }
}
