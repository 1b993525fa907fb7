import Graphs

extension FieldReader {
  /// A number in `range`, or a ramp over the first epochs: `0.5` or `{from: 0, to: 0.5, epochs:
  /// 10}`.
  func ramp(
    _ range: ClosedRange<Double> = 0...3e38, _ expected: String = "a number from 0"
  ) throws(RecipeError) -> Ramp {
    guard case .mapping = node else {
      return Ramp(try number(range, expected + ", or {from: 0, to: 1, epochs: 10}"))
    }
    try allow("from", "to", "epochs")
    return Ramp(
      from: try optional("from")?.number(range, expected) ?? 0,
      to: try required("to").number(range, expected), epochs: try required("epochs").positive())
  }
}
