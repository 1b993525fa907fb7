/// Something about the machine that a person should know, and what to do about it.
package struct Finding: Hashable, Sendable, Codable {
  package enum Weight: String, Sendable, Codable {
    /// Something is wrong.
    case fault
    /// Something could be better, or cannot be judged.
    case note
  }

  package let weight: Weight
  package let what: String
  package let remedy: String

  package init(_ weight: Weight, _ what: String, remedy: String) {
    (self.weight, self.what, self.remedy) = (weight, what, remedy)
  }
}
