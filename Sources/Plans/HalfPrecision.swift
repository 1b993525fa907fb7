import Graphs

/// Numbers of 16 bits, as examples have them.
package enum HalfPrecision {
  /// IEEE 754 binary16, rounded to nearest, ties to even.
  package static func float16(_ value: Float) -> UInt16 { Float16(value).bitPattern }

  /// The upper half of a float32, rounded to nearest, ties to even; a NaN stays one.
  package static func bfloat16(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    guard !value.isNaN else { return UInt16(bits >> 16) | 0x40 }
    return UInt16(truncatingIfNeeded: (bits &+ 0x7fff &+ (bits >> 16 & 1)) >> 16)
  }

  /// The value of such a number.
  package static func float(_ bits: UInt16, _ type: ElementType) -> Float {
    switch type {
    case .float16: Float(Float16(bitPattern: bits))
    case .bfloat16: Float(bitPattern: UInt32(bits) << 16)
    case .uint8, .float32, .int32: preconditionFailure("\(type) has more or fewer than 16 bits")
    }
  }
}
