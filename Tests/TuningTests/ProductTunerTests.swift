import OpenCLBackend
import Plans
import Recipes
import TestSupport
import Testing
import Training
import Tuning

/// The tuner's measurements; speeds are not checked.
@Suite(.serialized) struct ProductTunerTests {
  /// The network that `TuneTests` tune, so that kernels are built once for both.
  private func recipe() throws -> Recipe {
    var document = try RecipeDocument(named: "simple")
    try document.set("batchSize", to: "16")
    try document.set("encoder.0.dense.units", to: "5")
    return try document.recipe()
  }

  private var settings: ProductTuner.Settings {
    var settings = ProductTuner.Settings()
    (settings.windows, settings.windowSeconds) = (2, 1e-4)
    return settings
  }

  @Test(arguments: OpenCLTestDevice.all)
  func everyShapeOfTheRecipe(_ device: OpenCLTestDevice) throws {
    let backend = try device.open()
    var shapes: [ProductShape] = []
    var faults: [ProductTuner.Fault] = []
    let products = try ProductTuner(backend, settings).tune(
      recipe(), report: { shapes.append($0) }, fault: { faults.append($0) })
    // Training's and, at the end, evaluation's of a thousand examples.
    #expect(
      products.map(\.shape.description) == [
        "16 × 5 × 784, epilogue", "16 × 784 × 5, epilogue", "5 × 784 × 16, Aᵀ, column sums",
        "16 × 5 × 784, Bᵀ, epilogue", "784 × 5 × 16, Aᵀ, column sums", "1000 × 5 × 784, epilogue",
        "1000 × 784 × 5, epilogue",
      ])
    #expect(shapes == products.map(\.shape))
    // CLBlast may be wrong on a device; aegpu's kernels may not.
    #expect(faults.allSatisfy { $0.candidate == .clblast }, "\(faults)")
    for product in products {
      let usual = try #require(product.usual)
      #expect(product.fastest.microseconds > 0)
      #expect(product.fastest.microseconds <= usual.microseconds)
      #expect(usual.candidate == backend.candidates(product.shape)[0])
    }
    // The forced candidate is no longer used.
    #expect(backend.products == ProductTable())

    let known = Set(products.dropFirst().map(\.shape))
    #expect(
      try ProductTuner(backend, settings).tune(recipe(), except: known).map(\.shape)
        == [products[0].shape])
  }

  /// With any of these a result is wrong, wherever it stands.
  @Test(arguments: [Double.nan, .infinity, 1.001, -1])
  func wrongElementsAreSeen(_ wrong: Double) throws {
    let shape = ProductShape(m: 2, n: 2, k: 784)
    let expected = [[1.0, 1, 1, 1], [1, 1]]
    try shape.compare([[1.0001, 1, 0.9999, 1], [1, 1]], with: expected)
    for (matrix, index) in [(0, 0), (0, 3), (1, 1)] {
      var results = expected
      results[matrix][index] = wrong
      do {
        try shape.compare(results, with: expected)
        Issue.record("\(wrong) passed")
      } catch {
        #expect(
          error.description == "expected element \(index) to be 1.0, received \(wrong)")
      }
    }
  }
}
