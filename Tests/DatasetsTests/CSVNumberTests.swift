import Datasets
import Foundation
import Testing

/// Numbers of a table are the doubles that `strtod` reads in the same texts, bit for bit.
@Suite struct CSVNumberTests {
  @Test(arguments: [".", ","] as [Character]) func areRoundedOnce(decimal: Character) throws {
    var random = SplitMix(state: 1)
    var texts = Self.edges + Self.middles(&random)
    for _ in 0..<50_000 {
      texts.append(Self.digits(1...24, &random))
      texts.append("\(Double.random(in: -1000...1000, using: &random))")
      texts.append("\(Double.random(in: 0...1, using: &random) * 1e-6)")
    }
    let lines = texts.map { $0.replacing(".", with: "\(decimal)") + "\n" }
    let dataset = try loadTable(
      Array(("a\n" + lines.joined()).utf8), DataOptions(separator: ";", decimal: decimal))
    guard case .doubles(let values) = dataset.training.elements else {
      Issue.record("not doubles")
      return
    }
    #expect(values.count == texts.count)
    let wrong = zip(texts, values).filter { strtod($0, nil).bitPattern != $1.bitPattern }
    #expect(wrong.isEmpty, "\(wrong.count) differ: \(wrong.prefix(5))")
  }

  private static let edges = [
    "0", "-0", "-0.0", "0e5", "0e-25", "-0.000e-40", "5.", ".5", "+.5e1", "007", "000.1250",
    "9007199254740991.5", "9007199254740992.5", "9007199254740993.5", "-9007199254740993.5e-10",
    "18446744073709551615", "1844674407370955161.5", "1844674407370955161.6",
    "9999999999999999999e-27", "9999999999999999999e-28", "9223372036854775807e-1",
    "9007199254740993e22", "9007199254740991e22", "9007199254740991e-22", "1e23", "1e-23",
    "1.7976931348623157e308", "2.2250738585072014e-308", "4.9406564584124654e-324",
    "0.1000000000000000055511151231257827021181583404541015625",
    "0.10000000000000000000000000000000000000000000000000000001",
    "0." + String(repeating: "0", count: 99_999) + "1e100005",
  ]

  /// Numbers in the middle of two doubles, and just beside it: of up to 19 digits, as their
  /// fractions are whole powers of 1/2.
  private static func middles(_ random: inout some RandomNumberGenerator) -> [String] {
    (0..<20_000).flatMap { _ in
      let places = Int.random(in: 1...4, using: &random)
      let odd = UInt64.random(in: 1 << 53..<1 << 54, using: &random) | 1
      let digits = odd * [5, 25, 125, 625][places - 1]
      let exponent =
        Bool.random(using: &random) ? "" : "e-\(Int.random(in: 0...23, using: &random))"
      return [digits - 1, digits, digits + 1].map { number in
        var text = "\(number)"
        text.insert(".", at: text.index(text.endIndex, offsetBy: -places))
        return text + exponent
      }
    }
  }

  /// Digits with or without a sign, a decimal sign, zeros at the beginning and an exponent.
  private static func digits(
    _ counts: ClosedRange<Int>, _ random: inout some RandomNumberGenerator
  ) -> String {
    var digits = (0..<Int.random(in: counts, using: &random)).map { _ in
      Character("\(Int.random(in: 0...9, using: &random))")
    }
    digits.insert(
      contentsOf: repeatElement("0", count: max(Int.random(in: -5...5, using: &random), 0)), at: 0)
    if Int.random(in: 0...3, using: &random) > 0 {
      digits.insert(".", at: Int.random(in: 0...digits.count, using: &random))
    }
    let exponent = Int.random(in: -40...40, using: &random)
    return ["", "-", "+"].randomElement(using: &random)! + String(digits)
      + ["", "", "e\(exponent)", "E\(exponent < 0 ? "" : "+")\(exponent)"]
      .randomElement(using: &random)!
  }
}

/// Vigna's SplitMix64.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
    return word ^ word >> 31
  }
}
