import Graphs
import Layers
import Testing

@Suite struct ModelSizeTests {
  /// Two poolings, two doublings: sides must be multiples of 4, but for padding that rounds up.
  private func model(_ more: [Layer] = [], input: Shape = [28, 28, 1]) -> Model {
    let window = Window(3, padding: .same)
    let pool = Layer.maxPool2D(MaxPool2D(window: Window(2, stride: 2, padding: .same)))
    return Model(
      input: input, encoder: [.conv2D(Conv2D(filters: 2, window: window)), pool, pool] + more,
      latent: .deterministic,
      decoder: [
        .upsample2D(Upsample2D(factor: 4)),
        .conv2D(Conv2D(filters: 1, window: Window(3, padding: .same))),
      ],
      loss: Loss(reconstruction: .squaredError, reduction: .mean))
  }

  @Test(arguments: [(28, 28), (32, 4), (64, 8)]) func takesSizesAsTheyAre(height: Int, width: Int) {
    #expect(model().sized(height: height, width: width)?.input == [height, width, 1])
  }

  @Test(arguments: [(29, 1, 32, 4), (30, 61, 32, 64), (33, 100, 36, 100)])
  func asksForTheNextSize(height: Int, width: Int, filledHeight: Int, filledWidth: Int) throws {
    let sized = try #require(model().sized(height: height, width: width))
    #expect(sized.input == [filledHeight, filledWidth, 1])
    #expect(try sized.parameters().map(\.shape) == model().parameters().map(\.shape))
  }

  /// Layers that return their input do not restrict the size.
  @Test func takesThePenaltiesOfActivations() {
    let penalty = Layer.penalty(Penalty(.l1, weight: 0.01, reportedName: "l1"))
    #expect(model([penalty]).sized(height: 640, width: 820)?.input == [640, 820, 1])
  }

  @Test func refusesWhatIsBoundToASize() {
    #expect(model([.dense(Dense(units: 3))]).sized(height: 28, width: 28) == nil)
    #expect(model(input: [784]).sized(height: 28, width: 28) == nil)
    var measured = model()
    measured.normalization = .mean
    #expect(measured.sized(height: 28, width: 28) == nil)
    var variational = model()
    variational.latent = .variational(units: 2)
    #expect(variational.sized(height: 28, width: 28) == nil)
  }

  /// Windows without padding take pixels off, and nothing gives them back.
  @Test func findsNoSizeWhereThereIsNone() {
    let window = Window(9, padding: .valid)
    var shrinking = model()
    shrinking.decoder.append(.conv2D(Conv2D(filters: 1, window: window)))
    shrinking.encoder = [.conv2D(Conv2D(filters: 2, window: window))]
    shrinking.decoder.removeFirst()
    #expect(shrinking.sized(height: 28, width: 28) == nil)
  }
}
