/// Reads a JSON text from a place on.
struct JSONParser {
  let bytes: ArraySlice<UInt8>
  var place: Int

  var next: UInt8? { place < bytes.endIndex ? bytes[place] : nil }

  func malformed(_ expected: String) -> JSON.Malformed {
    JSON.Malformed(reason: "no \(expected) at byte \(place - bytes.startIndex)")
  }

  mutating func skipSpace() {
    while let next, [0x20, 0x09, 0x0A, 0x0D].contains(next) { place += 1 }
  }

  mutating func take(_ character: Unicode.Scalar) throws(JSON.Malformed) {
    skipSpace()
    guard next == UInt8(ascii: character) else { throw malformed("\(character)") }
    place += 1
  }

  mutating func value(depth: Int) throws(JSON.Malformed) -> JSON {
    guard depth < 16 else { throw malformed("shallower value") }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"):
      var fields: [(String, JSON)] = []
      try list(from: "{", to: "}") { parser throws(JSON.Malformed) in
        let name = try parser.string()
        try parser.take(":")
        fields.append((name, try parser.value(depth: depth + 1)))
      }
      return .object(fields)
    case UInt8(ascii: "["):
      var elements: [JSON] = []
      try list(from: "[", to: "]") { parser throws(JSON.Malformed) in
        elements.append(try parser.value(depth: depth + 1))
      }
      return .array(elements)
    case UInt8(ascii: "\""):
      return .string(try string())
    default:
      return try word()
    }
  }

  /// Elements between brackets, separated by commas.
  private mutating func list(
    from open: Unicode.Scalar, to close: Unicode.Scalar,
    element: (inout JSONParser) throws(JSON.Malformed) -> Void
  ) throws(JSON.Malformed) {
    try take(open)
    skipSpace()
    if next == UInt8(ascii: close) { return place += 1 }
    while true {
      try element(&self)
      skipSpace()
      if next == UInt8(ascii: close) { return place += 1 }
      try take(",")
    }
  }

  /// `true`, `false`, `null` or a number.
  private mutating func word() throws(JSON.Malformed) -> JSON {
    let start = place
    while let next, !Array("{}[],:\" \t\n\r".utf8).contains(next) { place += 1 }
    let text = String(decoding: bytes[start..<place], as: UTF8.self)
    switch text {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "null": return .null
    default:
      guard let first = text.first, first == "-" || first.isNumber, Double(text) != nil else {
        place = start
        throw malformed("value")
      }
      return .number(text)
    }
  }

  private mutating func string() throws(JSON.Malformed) -> String {
    try take("\"")
    var text: [UInt8] = []
    while let character = next {
      place += 1
      switch character {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw malformed("UTF-8 text")
        }
        return string
      case UInt8(ascii: "\\"): text += try escape()
      case 0..<0x20: throw malformed("end of a string")
      default: text.append(character)
      }
    }
    throw malformed("end of a string")
  }

  private mutating func escape() throws(JSON.Malformed) -> [UInt8] {
    guard let character = next else { throw malformed("escaped character") }
    place += 1
    switch character {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [character]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"):
      var units = [try unit()]
      if UTF16.isLeadSurrogate(units[0]), next == UInt8(ascii: "\\") {
        place += 1
        guard next == UInt8(ascii: "u") else { throw malformed("second half of a surrogate pair") }
        place += 1
        units.append(try unit())
      }
      guard let text = String(validating: units, as: UTF16.self) else {
        throw malformed("Unicode character")
      }
      return Array(text.utf8)
    default: throw malformed("escaped character")
    }
  }

  private mutating func unit() throws(JSON.Malformed) -> UInt16 {
    let digits = bytes[place..<min(place + 4, bytes.endIndex)]
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw malformed("four hexadecimal digits") }
    place += 4
    return unit
  }
}
