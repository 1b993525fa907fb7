import Glibc

/// Formats numbers for display.
package enum Numbers {
  /// `142,310`: with thousands separators.
  package static func grouped(_ number: Int) -> String {
    var digits = Array(String(number.magnitude))
    for place in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(",", at: place) }
    return (number < 0 ? "-" : "") + String(digits)
  }

  /// `1 code`, `2,000 codes`.
  /// - Parameter plural: where it is not the noun with an `s`.
  package static func counted(
    _ count: Int, _ noun: String, _ plural: String? = nil
  ) -> String {
    "\(grouped(count)) \(count == 1 ? noun : plural ?? noun + "s")"
  }

  /// `0.3012`, `12.35`, `1.2e-05`: a loss with nearly constant width.
  package static func loss(_ loss: Double) -> String {
    let magnitude = abs(loss)
    guard magnitude.isFinite else { return magnitude.isNaN ? "nan" : loss < 0 ? "-inf" : "inf" }
    if magnitude != 0 && (magnitude < 0.001 || magnitude >= 100_000) {
      return format("%.2e", loss)
    }
    return format(magnitude < 10 ? "%.4f" : "%.2f", loss)
  }

  /// `0.0123`, `1.23`, `12.3`, `1,230`: three digits, or all digits before the point.
  package static func short(_ number: Double) -> String {
    let magnitude = abs(number)
    guard magnitude.isFinite, magnitude < 1e15 else { return loss(number) }
    if magnitude >= 99.95 { return grouped(Int(number.rounded())) }
    if magnitude >= 9.995 { return format("%.1f", number) }
    return format(magnitude >= 0.9995 || magnitude == 0 ? "%.2f" : "%.3g", number)
  }

  /// `255`, `-1`, `0.25`: whole numbers without a point, other numbers with six digits.
  package static func plain(_ number: Double) -> String { format("%.6g", number) }

  /// `48.3 %`
  package static func percent(_ share: Double) -> String { format("%.1f %%", 100 * share) }

  /// `0:42`, `12:05`, `3:04:05`: minutes and seconds, and hours if needed.
  package static func duration(seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–:––" }
    let total = Int(seconds.rounded())
    let (hours, minutes) = (total / 3600, total / 60 % 60)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return hours > 0
      ? "\(hours):\(two(minutes)):\(two(total % 60))" : "\(minutes):\(two(total % 60))"
  }

  private static func format(_ format: String, _ number: Double) -> String {
    withVaList([number]) { arguments in
      var buffer = [CChar](repeating: 0, count: 64)
      let count = vsnprintf(&buffer, buffer.count, format, arguments)
      return String(decoding: buffer[..<Int(count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }
}
