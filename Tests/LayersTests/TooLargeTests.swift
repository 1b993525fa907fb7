import Graphs
import Layers
import Testing

/// Sizes whose products exceed an integer give an error.
@Suite struct TooLargeTests {
  private static let huge = Int(Int32.max)

  private func error(_ layers: [Layer]) -> String? {
    let model = Model(
      input: [28, 28, 1], encoder: layers, latent: .deterministic,
      decoder: [
        .flatten(Flatten()), .dense(Dense(units: 784)),
        .reshape(Layers.Reshape(shape: [28, 28, 1])),
      ], loss: Loss(reconstruction: .squaredError, reduction: .mean))
    return #expect(throws: GraphError.self) { try model.parameters() }?.description
  }

  @Test func windowsAndFilters() {
    let transposed = ConvTranspose2D(
      filters: Self.huge, window: Window(1000, stride: 16, padding: .valid))
    #expect(
      error([.convTranspose2D(transposed), .flatten(Flatten())])
        == "encoder[0]: conv2DInputGradient(1000×1000 by 16, valid): expected tensors of at most "
        + "17592186044416 elements, received [1, 1432, 1432, 2147483647]; make its sizes smaller")
    let dense = [Layer.flatten(Flatten()), .dense(Dense(units: Self.huge))]
    #expect(
      error(dense + [.dense(Dense(units: Self.huge))])
        == "encoder[2]: dense: expected tensors of at most 17592186044416 elements, "
        + "received [2147483647, 2147483647]; make its sizes smaller")
    let wide = ConvTranspose2D(filters: 3, window: Window(Self.huge, stride: 8, padding: .valid))
    #expect(error([.convTranspose2D(wide)])?.hasPrefix("encoder[0]: conv2DInputGradient(") == true)
    let conv = Layers.Conv2D(filters: Self.huge, window: Window(Self.huge, padding: .same))
    #expect(error([.conv2D(conv)])?.contains("elements, received [") == true)
    #expect(
      error([.upsample2D(Layers.Upsample2D(factor: Self.huge))])?.hasPrefix(
        "encoder[0]: upsample2D(2147483647, nearest): expected tensors of at most") == true)
  }

  /// A pooling over far more than the image is one pixel, and its cost a number.
  @Test func costsAreCapped() throws {
    let model = Model(
      input: [28, 28, 1],
      encoder: [
        .averagePool2D(AveragePool2D(window: Window(Self.huge, stride: 4, padding: .same)))
      ], latent: .deterministic,
      decoder: [
        .flatten(Flatten()), .dense(Dense(units: 784)),
        .reshape(Layers.Reshape(shape: [28, 28, 1])),
      ], loss: Loss(reconstruction: .squaredError, reduction: .mean))
    #expect(try model.summary()[0].floatingPointOperations == Int.max)
  }

  @Test func products() {
    #expect(cappedProduct([3, 4, 5]) == 60 && cappedProduct([Int]()) == 1)
    #expect(cappedProduct([Int.max, 2]) == Int.max && cappedProduct([Int.max, 2, 0]) == 0)
    #expect(Shape([1 << 40, 1 << 40]).count == Int.max)
    #expect(3.addingCapped(4) == 7 && Int.max.addingCapped(1) == Int.max)
  }
}
