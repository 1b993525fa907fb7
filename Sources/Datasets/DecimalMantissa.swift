/// The digits of a decimal number, as an integer.
struct DecimalMantissa {
  /// The first digits, up to 19 of them, which always fit.
  private var value: UInt64 = 0
  /// All digits but zeros at the beginning.
  private var count = 0

  private static let most = 19

  /// Takes in digits up to the end or another character.
  mutating func addDigits(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) {
    while position < end, (0x30...0x39).contains(bytes[position]) {
      if count < Self.most { value = value * 10 + UInt64(bytes[position] & 15) }
      if value > 0 { count += 1 }
      position += 1
    }
  }

  /// The digits times a power of ten, rounded once, to the nearest double, or to the even one of
  /// two; `nil` if that takes more than 64 bits of the digits or of the power.
  func value(power: Int) -> Double? {
    guard count <= Self.most else { return nil }
    // Both are exact, so the product or quotient is rounded only once.
    if value < 1 << 53, power.magnitude <= 22 {
      return power < 0
        ? Double(value) / Self.powersOfTen[-power] : Double(value) * Self.powersOfTen[power]
    }
    guard value > 0, power < 0, -power < Self.powersOfFive.count else { return nil }
    return quotient(power: -power)
  }

  /// The digits divided by a power of ten: by one of five, and then exactly by one of two.
  ///
  /// Of the quotient, 63 or 64 bits are found. A remainder sets the last of them, far below the 53
  /// that are kept, so that a quotient just above the middle of two doubles is not taken for it.
  private func quotient(power: Int) -> Double {
    let divisor = Self.powersOfFive[power]
    let shifts = (value.leadingZeroBitCount, divisor.leadingZeroBitCount)
    let dividend = value << shifts.0
    var (quotient, remainder) = (divisor << shifts.1).dividingFullWidth(
      (dividend >> 1, dividend << 63))
    if remainder > 0 { quotient |= 1 }
    let exponent = shifts.1 - shifts.0 - 63 - power
    return Double(quotient) * Double(bitPattern: UInt64(1023 + exponent) << 52)
  }

  /// All that a double holds exactly.
  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// All that fit.
  private static let powersOfFive: [UInt64] = [
    1, 5, 25, 125, 625, 3_125, 15_625, 78_125, 390_625, 1_953_125, 9_765_625, 48_828_125,
    244_140_625, 1_220_703_125, 6_103_515_625, 30_517_578_125, 152_587_890_625, 762_939_453_125,
    3_814_697_265_625, 19_073_486_328_125, 95_367_431_640_625, 476_837_158_203_125,
    2_384_185_791_015_625, 11_920_928_955_078_125, 59_604_644_775_390_625, 298_023_223_876_953_125,
    1_490_116_119_384_765_625, 7_450_580_596_923_828_125,
  ]
}
