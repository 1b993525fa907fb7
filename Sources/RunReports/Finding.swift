/// A part of a report: what was found, or why there is nothing to show.
package enum Finding<Value> {
  /// The question has no meaning for this model or these data; the part does not appear.
  case notApplicable
  /// It could not be answered; the reason is one sentence.
  case missing(String)
  case found(Value)

  /// What `find` gives, nothing where it gives `nil`, or the sentence of what it throws.
  package init(_ find: () throws -> Value?) {
    do {
      self = try find().map { .found($0) } ?? .notApplicable
    } catch {
      self = .missing("\(error)")
    }
  }

  package var value: Value? {
    if case .found(let value) = self { value } else { nil }
  }
}

extension Finding: Equatable where Value: Equatable {}
extension Finding: Sendable where Value: Sendable {}
