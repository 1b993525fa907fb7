/// The types of numbers that stay as they are in a file until they are needed.
package enum StoredElement: String, Hashable, Sendable {
  case uint8, float32
  /// IEEE 754 binary16.
  case float16
  /// The upper half of a float32.
  case bfloat16
  /// Scaled and rounded to float32 as they are read, as a device has no doubles.
  case float64

  package var byteCount: Int {
    switch self {
    case .uint8: 1
    case .float16, .bfloat16: 2
    case .float32: 4
    case .float64: 8
    }
  }

  /// The bytes of a number in memory, where numbers of 16 bits become floats.
  var loadedByteCount: Int {
    switch self {
    case .uint8: 1
    case .float16, .bfloat16, .float32: 4
    case .float64: 8
    }
  }
}
