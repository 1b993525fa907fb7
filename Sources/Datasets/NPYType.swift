/// A number type of NumPy, by its name in an NPY file: `<f4`, `>i2`, `|u1`.
struct NPYType: Hashable, Sendable {
  enum Kind: Character {
    case boolean = "b"
    case signed = "i"
    case unsigned = "u"
    case float = "f"
  }

  let kind: Kind
  /// Bytes per element in the file.
  let size: Int
  let isBigEndian: Bool

  /// nil if its elements cannot be read.
  init?(_ name: String) {
    let order = name.first ?? " "
    guard "|<>=".contains(order), let kind = name.dropFirst().first.flatMap(Kind.init),
      let size = Int(name.dropFirst(2))
    else { return nil }
    switch (kind, size) {
    case (.boolean, 1), (.signed, 1), (.signed, 2), (.signed, 4), (.signed, 8), (.unsigned, 1),
      (.unsigned, 2), (.unsigned, 4), (.unsigned, 8), (.float, 2), (.float, 4), (.float, 8):
      (self.kind, self.size, isBigEndian) = (kind, size, order == ">")
    default: return nil
    }
  }

  /// Bytes per element in memory: see `NPY.Elements`.
  var keptSize: Int {
    switch (kind, size) {
    case (.unsigned, 1): 1
    case (_, 8), (.signed, 4), (.unsigned, 4): 8
    default: 4
    }
  }

  /// Why an array of another type is not read, and how to convert it.
  static func unsupported(_ name: String, place: String) -> DatasetError {
    let (received, advice) = words(name)
    return .unexpected(
      place: place, expected: "numbers: bool, integers or floats of up to 64 bits",
      received: "\(received) (\(name.printable()))", advice: advice)
  }

  private static func words(_ name: String) -> (received: String, advice: String) {
    if name.first == "[" {
      return (
        "records", "save numpy.lib.recfunctions.structured_to_unstructured(array), or one field"
      )
    }
    switch name.dropFirst().first {
    case "f" where ["f12", "f16"].contains(name.dropFirst()):
      return ("long doubles", "save array.astype('float64')")
    case "c":
      return ("complex numbers", "save numpy.stack([array.real, array.imag], axis=-1)")
    case "O":
      return (
        "Python objects", "make all rows equally long, then save numpy.array(rows, dtype='float64')"
      )
    case "U", "S", "a":
      return ("texts", "save numbers: numpy.unique(array, return_inverse=True)[1]")
    case "M", "m": return ("dates or times", "save array.astype('int64')")
    default: return ("another type", "save an array of numbers")
    }
  }
}
