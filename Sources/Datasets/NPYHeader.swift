/// The header of an NPY file: a Python dictionary with three entries, such as `{'descr': '<f4',
/// 'fortran_order': False, 'shape': (60000, 784), }`.
struct NPYHeader: Hashable, Sendable {
  /// NumPy's name of the element type, `<f4`; for records, the text of their list of fields.
  let type: String
  let isFortranOrder: Bool
  let shape: [Int]

  /// nil if the text is not such a dictionary.
  init?(_ text: [UInt8]) {
    var scanner = Scanner(rest: text[...])
    var (type, order, shape): (String?, Bool?, [Int]?)
    guard scanner.skip("{") else { return nil }
    while !scanner.skip("}") {
      guard let key = scanner.string(), scanner.skip(":") else { return nil }
      switch key {
      case "descr": type = scanner.string() ?? scanner.list()
      case "fortran_order":
        order = scanner.skip("True") ? true : scanner.skip("False") ? false : nil
      case "shape": shape = scanner.tuple()
      default: return nil
      }
      guard scanner.skip(",") || scanner.isAt("}") else { return nil }
    }
    guard scanner.isAtEnd, let type, let order, let shape else { return nil }
    (self.type, isFortranOrder, self.shape) = (type, order, shape)
  }

  /// Parses the part of Python's syntax that the dictionary needs; blanks before tokens are
  /// skipped.
  private struct Scanner {
    var rest: ArraySlice<UInt8>

    var isAtEnd: Bool { rest.allSatisfy(Self.isBlank) }

    private static func isBlank(_ byte: UInt8) -> Bool {
      byte == 0x20 || (0x09...0x0d).contains(byte)
    }

    mutating func isAt(_ token: String) -> Bool {
      rest = rest.drop(while: Self.isBlank)
      return rest.starts(with: token.utf8)
    }

    mutating func skip(_ token: String) -> Bool {
      guard isAt(token) else { return false }
      rest = rest.dropFirst(token.utf8.count)
      return true
    }

    /// Text in single or double quotes, without escapes.
    mutating func string() -> String? {
      for quote in ["'", "\""] where skip(quote) {
        guard let end = rest.firstIndex(of: quote.utf8.first!) else { return nil }
        defer { rest = rest[(end + 1)...] }
        return String(decoding: rest[..<end], as: UTF8.self)
      }
      return nil
    }

    /// The text of a list, with brackets.
    mutating func list() -> String? {
      guard isAt("[") else { return nil }
      var depth = 0
      for index in rest.indices {
        depth += rest[index] == 0x5b ? 1 : rest[index] == 0x5d ? -1 : 0
        if depth == 0 {
          defer { rest = rest[(index + 1)...] }
          return String(decoding: rest[...index], as: UTF8.self)
        }
      }
      return nil
    }

    /// `()`, `(3,)`, `(3, 4)`; Python 2 wrote `3L`.
    mutating func tuple() -> [Int]? {
      guard skip("(") else { return nil }
      var numbers: [Int] = []
      while !skip(")") {
        guard let number = integer() else { return nil }
        numbers.append(number)
        _ = skip("L")
        guard skip(",") || isAt(")") else { return nil }
      }
      return numbers
    }

    private mutating func integer() -> Int? {
      _ = isAt("")
      let digits = rest.prefix { (0x30...0x39).contains($0) }
      rest = rest[digits.endIndex...]
      return Int(String(decoding: digits, as: UTF8.self))
    }
  }
}
