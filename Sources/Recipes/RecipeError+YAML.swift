import Datasets
import Yams

extension RecipeError {
  /// Why a file is not valid YAML, and where. Yams's own message quotes the whole line, which may
  /// be the whole file.
  static func reason(_ error: any Error) -> String {
    switch error as? YamlError {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let place = context.map { " (\($0.text) in line \($0.mark.line), column \($0.mark.column))" }
      return "line \(mark.line), column \(mark.column): \(problem)\(place ?? "")"
    case .reader(let problem, let offset, let value, _):
      let byte = value >= 0 ? " (\(String(value, radix: 16)))" : ""
      return "\(problem)\(byte)" + (offset.map { " at byte \($0)" } ?? "")
    case .duplicatedKeysInMapping(let keys, let context):
      return "line \(context.mark.line): the field \(keys.first.map { "\($0)".printable() } ?? "") "
        + "more than once"
    default: return "\(error)".printable(200)
    }
  }
}
