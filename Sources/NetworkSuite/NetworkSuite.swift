/// Networks that speed is measured with beside the recipes: tables, dense networks, convolutions and
/// series of many sizes, at batches of 1 to 8,192. Every `.yaml` file in this folder is one, by its name.
package enum NetworkSuite {
  package static let names = embeddedTexts.keys.map { String($0.dropLast(".yaml".count)) }.sorted()

  /// The recipe's file of a network.
  package static func text(named name: String) -> String? { embeddedTexts["\(name).yaml"] }
}
