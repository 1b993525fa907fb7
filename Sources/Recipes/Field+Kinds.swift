typealias Field = RecipeFormat.Field

/// Fields that many sections share.
extension RecipeFormat.Field {
  static let whole = "whole number from 1"
  static let wholeOrInput = "whole number from 1, or input"
  static let initializer = "initializer"
  static let activation = optional("activation", "activation", "identity", "")
  static let biasInitializer = absent(
    "biasInitializer", initializer, "initial biases", "the recipe's")
  static let initializers = [
    absent("initializer", initializer, "initial weights", "the recipe's"), biasInitializer,
  ]
}
