import OpenCLBackend
import Plans
import Recipes

/// What `aegpu tune` found on one device, as its file holds it.
package struct TuningRecord: Hashable, Sendable, Codable {
  /// What has to be the same for a record to hold.
  package struct Device: Hashable, Sendable, Codable {
    package let name: String
    package let vendor: String
    package let driver: String
    package let version: String

    package init(_ device: DeviceInformation) {
      (name, vendor, driver, version) = (device.name, device.vendor, device.driver, device.version)
    }
  }

  /// How products of one shape are computed best.
  package struct Product: Hashable, Sendable, Codable {
    package struct Timed: Hashable, Sendable, Codable {
      package let candidate: ProductCandidate
      /// Of one product with all that rides on it: the best window's mean.
      package let microseconds: Double

      package init(_ candidate: ProductCandidate, microseconds: Double) {
        (self.candidate, self.microseconds) = (candidate, microseconds)
      }
    }

    package let shape: ProductShape
    package let fastest: Timed
    /// What is taken where nothing was measured; `nil` if it could not be.
    package let usual: Timed?
    /// Candidates whose result was wrong.
    package let wrong: [ProductCandidate]

    package init(
      _ shape: ProductShape, fastest: Timed, usual: Timed?, wrong: [ProductCandidate]
    ) {
      (self.shape, self.fastest, self.usual, self.wrong) = (shape, fastest, usual, wrong)
    }
  }

  /// How fast a whole recipe trains.
  package struct Rate: Hashable, Sendable, Codable {
    package let recipe: String
    package let batchSize: Int
    package let parameterCount: Int
    package let samplesPerSecond: Double
    /// How its launches are best queued; `nil` where there are none.
    package let schedule: Schedule?

    package init(_ recipe: Recipe, samplesPerSecond: Double, schedule: Schedule? = nil) throws {
      self.recipe = recipe.name
      batchSize = recipe.batchSize
      parameterCount = try Self.parameterCount(recipe)
      self.samplesPerSecond = samplesPerSecond
      self.schedule = schedule
    }

    /// Whether it is of this recipe with this batch and as many parameters.
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

  /// What a backend takes.
  package var table: ProductTable {
    ProductTable(
      Dictionary(products.map { ($0.shape, $0.fastest.candidate) }, uniquingKeysWith: { $1 }))
  }

  /// How fast this recipe trains, if it was timed.
  package func rate(of recipe: Recipe) throws -> Rate? {
    try rates.first { try $0.isOf(recipe) }
  }

  /// Adds what was measured, in place of what was known of the same.
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
