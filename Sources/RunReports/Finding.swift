/// A part of a report: its contents, or why there is nothing to show.
package enum Finding<Value> {
  /// The part does not apply to this model or these data, and is left out.
  case notApplicable
  /// The part could not be computed; the reason is one sentence.
  case missing(String)
  case found(Value)

  /// The result of `find`, `.notApplicable` if it is `nil`, or `.missing` with the error that it
  /// throws.
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
