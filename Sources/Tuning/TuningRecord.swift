import OpenCLBackend
import Plans
import Recipes

/// The results of `aegpu tune` for one device, as stored in its file.
package struct TuningRecord: Hashable, Sendable, Codable {
  /// The device and driver, which must be the same for the results to be used.
  package struct Device: Hashable, Sendable, Codable {
    package let name: String
    package let vendor: String
    package let driver: String
    package let version: String

    package init(_ device: DeviceInformation) {
      (name, vendor, driver, version) = (device.name, device.vendor, device.driver, device.version)
    }
  }

  /// The fastest way to compute products of one shape.
  package struct Product: Hashable, Sendable, Codable {
    package struct Timed: Hashable, Sendable, Codable {
      package let candidate: ProductCandidate
      /// Time of one product with its fused operations: the mean of the best window.
      package let microseconds: Double

      package init(_ candidate: ProductCandidate, microseconds: Double) {
        (self.candidate, self.microseconds) = (candidate, microseconds)
      }
    }

    package let shape: ProductShape
    package let fastest: Timed
    /// The default candidate; `nil` if it failed.
    package let usual: Timed?
    /// Candidates with a wrong result.
    package let wrong: [ProductCandidate]

    package init(
      _ shape: ProductShape, fastest: Timed, usual: Timed?, wrong: [ProductCandidate]
    ) {
      (self.shape, self.fastest, self.usual, self.wrong) = (shape, fastest, usual, wrong)
    }
  }

  /// The speed of training a whole recipe.
  package struct Rate: Hashable, Sendable, Codable {
    package let recipe: String
    package let batchSize: Int
    package let parameterCount: Int
    package let samplesPerSecond: Double
    /// The fastest way to queue its launches; `nil` for the native backend.
    package let schedule: Schedule?

    package init(_ recipe: Recipe, samplesPerSecond: Double, schedule: Schedule? = nil) throws {
      self.recipe = recipe.name
      batchSize = recipe.batchSize
      parameterCount = try Self.parameterCount(recipe)
      self.samplesPerSecond = samplesPerSecond
      self.schedule = schedule
    }

    /// Whether it is for this recipe, with the same batch size and number of parameters.
    func isOf(_ recipe: Recipe) throws -> Bool {
      try self.recipe == recipe.name && batchSize == recipe.batchSize
        && parameterCount == Self.parameterCount(recipe)
    }

    private static func parameterCount(_ recipe: Recipe) throws -> Int {
      try recipe.model.parameters().map(\.shape.count).reduce(0, +)
    }
  }

  package let device: Device
  package private(set) var products: [Product]
  package private(set) var rates: [Rate]

  package init(_ device: Device) {
    self.device = device
    products = []
    rates = []
  }

  /// The table of candidates for a backend.
  package var table: ProductTable {
    ProductTable(
      Dictionary(products.map { ($0.shape, $0.fastest.candidate) }, uniquingKeysWith: { $1 }))
  }

  /// The speed of this recipe, if it was measured.
  package func rate(of recipe: Recipe) throws -> Rate? {
    try rates.first { try $0.isOf(recipe) }
  }

  /// Adds a result; it replaces an earlier one for the same shape.
  package mutating func add(_ product: Product) {
    products.removeAll { $0.shape == product.shape }
    products.append(product)
  }

  package mutating func add(_ rate: Rate) {
    rates.removeAll {
      ($0.recipe, $0.batchSize, $0.parameterCount)
        == (rate.recipe, rate.batchSize, rate.parameterCount)
    }
    rates.append(rate)
  }
}
