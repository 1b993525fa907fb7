/// The types of numbers that stay as they are in a file until a device has them.
package enum StoredElement: String, Hashable, Sendable {
  case uint8, float32
  /// IEEE 754 binary16.
  case float16
  /// The upper half of a float32.
  case bfloat16

  package var byteCount: Int {
    switch self {
    case .uint8: 1
    case .float16, .bfloat16: 2
    case .float32: 4
    }
  }

  /// The bytes of a number in memory, where all but bytes become floats.
  var loadedByteCount: Int { self == .uint8 ? 1 : 4 }
}

/// The smallest and the largest of some numbers of a type.
///
/// Numbers are compared as integers in the order of their values: a float's bits, with the sign
/// turned for positive numbers, and all bits turned for negative ones.
struct StoredRange {
  private let element: StoredElement
  private var least = UInt32.max
  private var greatest = UInt32.min

  init(_ element: StoredElement) { self.element = element }

  /// Takes in the numbers of a block, which begins at a multiple of 4 bytes.
  mutating func add(_ block: UnsafeRawBufferPointer) {
    switch element {
    case .uint8: add(block.bindMemory(to: UInt8.self)) { $0 }
    case .float16, .bfloat16: add(block.bindMemory(to: UInt16.self), Self.key)
    case .float32: add(block.bindMemory(to: UInt32.self), Self.key)
    }
  }

  private mutating func add<Word: FixedWidthInteger>(
    _ words: UnsafeBufferPointer<Word>, _ key: (Word) -> Word
  ) {
    var (low, high) = (Word.max, Word.min)
    for word in words {
      let key = key(word)
      low = key < low ? key : low
      high = key > high ? key : high
    }
    least = min(least, UInt32(low))
    greatest = max(greatest, UInt32(high))
  }

  private static func key<Word: FixedWidthInteger & UnsignedInteger>(_ bits: Word) -> Word {
    let sign = Word(1) << (Word.bitWidth - 1)
    return bits & sign == 0 ? bits | sign : ~bits
  }

  private static func number<Word: FixedWidthInteger & UnsignedInteger>(_ key: Word) -> Word {
    let sign = Word(1) << (Word.bitWidth - 1)
    return key & sign == 0 ? ~key : key & ~sign
  }

  private func value(_ key: UInt32) -> Double {
    switch element {
    case .uint8: Double(key)
    case .float32: Double(Float(bitPattern: Self.number(key)))
    case .float16: Double(Float16(bitPattern: Self.number(UInt16(key))))
    case .bfloat16: Double(Float(bitPattern: UInt32(Self.number(UInt16(key))) << 16))
    }
  }

  /// `nil` if there was no number; the ends are not finite if one of the numbers is not.
  var values: (least: Double, greatest: Double)? {
    least <= greatest ? (value(least), value(greatest)) : nil
  }

  var isFinite: Bool { values.map { $0.least.isFinite && $0.greatest.isFinite } ?? true }
}
