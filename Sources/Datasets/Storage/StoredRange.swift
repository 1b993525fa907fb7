/// The smallest and the largest of some numbers of a type, and how many are missing (NaN).
///
/// Numbers of up to 32 bits are compared as integers in the order of their values: a float's bits,
/// with the sign turned for positive numbers, and all bits turned for negative ones.
struct StoredRange {
  let element: StoredElement
  let mayMiss: Bool
  private var least = UInt32.max
  private var greatest = UInt32.min
  private var doubles = (least: Double.infinity, greatest: -Double.infinity)
  private(set) var missingCount = 0

  /// - Parameter mayMiss: whether numbers may be missing.
  init(_ element: StoredElement, mayMiss: Bool = false) {
    (self.element, self.mayMiss) = (element, mayMiss)
  }

  /// Takes in the numbers of a block, which begins at a multiple of 8 bytes.
  mutating func add(_ block: UnsafeRawBufferPointer) {
    switch element {
    case .uint8: add(block.bindMemory(to: UInt8.self)) { $0 }
    case .float16: add(block.bindMemory(to: UInt16.self), infinity: 0x7c00)
    case .bfloat16: add(block.bindMemory(to: UInt16.self), infinity: 0x7f80)
    case .float32: add(block.bindMemory(to: UInt32.self), infinity: 0x7f80_0000)
    case .float64: add(block.bindMemory(to: Double.self))
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

  /// Takes in floats by their bits.
  private mutating func add<Word: FixedWidthInteger & UnsignedInteger & Sendable>(
    _ words: UnsafeBufferPointer<Word>, infinity: Word
  ) {
    var all = self
    all.add(words, Self.key)
    let negative = infinity | Word(1) << (Word.bitWidth - 1)
    let numbers = Self.key(negative)...Self.key(infinity)
    guard mayMiss,
      all.least < UInt32(numbers.lowerBound) || all.greatest > UInt32(numbers.upperBound)
    else {
      self = all
      return
    }
    let present = words.filter { numbers.contains(Self.key($0)) }
    missingCount += words.count - present.count
    present.withUnsafeBufferPointer { add($0, Self.key) }
  }

  private mutating func add(_ values: UnsafeBufferPointer<Double>) {
    var (low, high, missing) = (doubles.least, doubles.greatest, 0)
    for value in values {
      // No comparison with NaN is true.
      low = value < low ? value : low
      high = value > high ? value : high
      missing += value.isNaN ? 1 : 0
    }
    doubles = (low, high)
    missingCount += missing
  }

  /// Takes in the doubles of stored rows.
  mutating func add(_ rows: StoredRows) {
    doubles = (min(doubles.least, rows.least), max(doubles.greatest, rows.greatest))
    missingCount += rows.missingCount
  }

  private static func key<Word: FixedWidthInteger & UnsignedInteger & Sendable>(_ bits: Word)
    -> Word
  {
    let sign = Word(1) << (Word.bitWidth - 1)
    return bits & sign == 0 ? bits | sign : ~bits
  }

  private static func number<Word: FixedWidthInteger & UnsignedInteger & Sendable>(_ key: Word)
    -> Word
  {
    let sign = Word(1) << (Word.bitWidth - 1)
    return key & sign == 0 ? ~key : key & ~sign
  }

  private func value(_ key: UInt32) -> Double {
    switch element {
    case .uint8: Double(key)
    case .float32: Double(Float(bitPattern: Self.number(key)))
    case .float16: Double(Float16(bitPattern: Self.number(UInt16(key))))
    case .bfloat16: Double(Float(bitPattern: UInt32(Self.number(UInt16(key))) << 16))
    case .float64: preconditionFailure("doubles have no key")
    }
  }

  /// `nil` if there was no number; the ends are not finite if one of the numbers is not.
  var values: (least: Double, greatest: Double)? {
    if element == .float64 { return doubles.least <= doubles.greatest ? doubles : nil }
    return least <= greatest ? (value(least), value(greatest)) : nil
  }

  /// Whether all numbers are finite, or missing where that is allowed.
  var isFinite: Bool {
    (values.map { $0.least.isFinite && $0.greatest.isFinite } ?? true)
      && (mayMiss || missingCount == 0)
  }
}
