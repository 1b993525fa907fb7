import Datasets
import Foundation
import Graphs
import Recipes
import Testing

/// Sequences to a code and back.
@Suite struct SequenceTests {
  private static let length = 12

  private func recipe(_ layer: String) throws -> Recipe {
    try RecipeDocument(
      text: """
        name: series
        data: nowhere
        input: [\(Self.length), 1]
        encoder: [{conv1D: {filters: 4, size: 3, activation: tanh}}, {\(layer): {units: 16}}]
        decoder:
        - repeat: {count: \(Self.length)}
        - \(layer): {units: 16, returnSequences: true}
        - dense: {units: 1}
        loss: {reconstruction: squaredError}
        optimizer: {adam: {learningRate: 0.01}}
        batchSize: 16
        epochs: 30
        pictures: {reconstructions: 0}
        seed: 3
        """, source: "series"
    ).recipe()
  }

  /// Sine waves of several phases and frequencies.
  private static let waves: Examples = {
    var values: [Float] = []
    for n in 0..<64 {
      let (frequency, phase) = (0.3 + 0.05 * Double(n % 8), Double(n / 8))
      for t in 0..<length { values.append(Float(sin(frequency * Double(t) + phase))) }
    }
    return Examples(count: 64, shape: [length, 1], elements: .floats(values))
  }()

  @Test(arguments: ["lstm", "gru"], TestDevice.all.filter { $0.name != "reference" })
  func learns(layer: String, device: TestDevice) throws {
    let recipe = try recipe(layer)
    let (told, _, error) = try train(recipe, training: Self.waves, on: device.open())
    #expect(error == nil)
    let losses = told.epochs.map(\.training.loss)
    let (first, last) = (try #require(losses.first), try #require(losses.last))
    #expect(last < first / 3, "\(losses)")
    // The same steps give the same bits.
    let (again, _, _) = try train(recipe, training: Self.waves, on: device.open())
    #expect(again.epochs.map(\.training.loss) == losses)
  }
}
