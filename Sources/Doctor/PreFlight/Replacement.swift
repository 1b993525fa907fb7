import OpenCLBackend
import Plans

/// Other ways to compute plans of which something was wrong.
package struct Replacement: Hashable, Sendable, Codable {
  /// Of the plans as they were found wrong.
  let digest: String
  /// `nil` where launches are queued as before.
  package var schedule: Schedule?
  package var products: [ProductChoice] = []
  /// What was wrong, and what is used instead: a sentence each.
  package var notes: [String] = []

  package init(digest: String) { self.digest = digest }

  func apply(to backend: OpenCLBackend) {
    if let schedule { backend.schedule = schedule }
    backend.products = backend.products.replacing(products)
  }
}
