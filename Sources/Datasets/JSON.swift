/// A JSON value that keeps the order of its fields and repeated fields, which are needed to check a
/// safetensors header and which Foundation's readers do not provide.
package enum JSON: Sendable {
  case object([(String, JSON)])
  case array([JSON])
  case string(String)
  /// As written.
  case number(String)
  case bool(Bool)
  case null

  package struct Malformed: Error {
    package let reason: String

    package init(reason: String) { self.reason = reason }
  }

  package init(parsing bytes: ArraySlice<UInt8>) throws(Malformed) {
    var parser = JSONParser(bytes: bytes, place: bytes.startIndex)
    self = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.place == bytes.endIndex else { throw parser.malformed("end of the text") }
  }

  /// The first field of this name, if this is an object that has one.
  package subscript(name: String) -> JSON? {
    if case .object(let fields) = self { fields.first { $0.0 == name }?.1 } else { nil }
  }

  /// The elements of a list of whole numbers from 0.
  package var integers: [Int]? {
    guard case .array(let elements) = self else { return nil }
    let integers = elements.compactMap { element -> Int? in
      if case .number(let text) = element, let number = Int(text), number >= 0 {
        number
      } else {
        nil
      }
    }
    return integers.count == elements.count ? integers : nil
  }

  package var kind: String {
    switch self {
    case .object: "an object"
    case .array: "a list"
    case .string(let text): "the text \(text)"
    case .number(let text): text
    case .bool(let bool): "\(bool)"
    case .null: "null"
    }
  }

  /// A JSON string, with quotes.
  package static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case _ where scalar.value < 0x20:
        quoted += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

extension JSON {
  /// The value of a number; `nil` for other values.
  package var double: Double? { if case .number(let text) = self { Double(text) } else { nil } }
  /// The value of a whole number.
  package var integer: Int? { double.flatMap(Int.init(exactly:)) }
}
