/// A time in a table, in seconds, or in the unit of the numbers in the file.
enum CSVTime {
  /// The accepted forms, for messages.
  static let forms = "a number or a date such as 2024-03-31 12:05:00"

  /// Reads `2024-03-31`, `2024/03/31` or `31.03.2024`, optionally with a time of day after a blank
  /// or `T`: `12:05`, `12:05:07.25`, with an optional `Z` or zone such as `+02:00`. Returns `nil`
  /// for anything else. Times without a zone are all in the same zone.
  static func seconds(_ text: String) -> Double? {
    let parts = text.split(maxSplits: 1) { $0 == "T" || $0 == " " }
    guard let first = parts.first, let day = day(first) else { return nil }
    guard parts.count == 2 else { return 86_400 * Double(day) }
    return secondsOfDay(parts[1]).map { 86_400 * Double(day) + $0 }
  }

  /// Days from 1970-01-01.
  private static func day(_ text: Substring) -> Int? {
    guard let separator = text.first(where: { "-/.".contains($0) }) else { return nil }
    var numbers = text.split(separator: separator, omittingEmptySubsequences: false).map(whole)
    if separator == "." { numbers.reverse() }
    guard numbers.count == 3, let year = numbers[0], let month = numbers[1], let day = numbers[2],
      year >= 100, (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    // The year begins in March here, so that a leap day is its last day.
    let (y, m) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 719_469
  }

  private static func secondsOfDay(_ text: Substring) -> Double? {
    var text = text
    var offset = 0.0
    if text.hasSuffix("Z") {
      text.removeLast()
    } else if let sign = text.lastIndex(where: { $0 == "+" || $0 == "-" }) {
      let zone = text[text.index(after: sign)...].split(separator: ":").map(whole)
      guard (1...2).contains(zone.count), let hours = zone[0] else { return nil }
      // `+0200` is also hours and minutes.
      let minutes =
        zone.count == 2
        ? zone[1].map { 60 * hours + $0 } : hours > 99 ? hours / 100 * 60 + hours % 100 : 60 * hours
      guard let minutes else { return nil }
      offset = (text[sign] == "+" ? 60 : -60) * Double(minutes)
      text = text[..<sign]
    }
    let fields = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(fields.count), let hours = whole(fields[0]),
      let minutes = whole(fields[1]), hours <= 24, minutes < 60
    else { return nil }
    var seconds = 0.0
    if fields.count == 3 {
      guard fields[2].first?.isNumber == true, let read = Double(fields[2]), read < 61 else {
        return nil
      }
      seconds = read
    }
    return Double(3600 * hours + 60 * minutes) + seconds - offset
  }

  private static func whole(_ text: Substring) -> Int? {
    text.allSatisfy { ("0"..."9").contains($0) } ? Int(text) : nil
  }
}

/// Gaps in a series: rows whose time is not one step after the row before.
struct TimeGaps {
  /// The first row after each gap.
  let breaks: [Int]
  /// The usual step: the median of the steps between rows.
  let usualStep: Double

  /// A gap is a step of more than 1.5 times the usual step, or a step backwards.
  init(_ times: [Double]) {
    let steps = zip(times, times.dropFirst()).map { $1 - $0 }
    let usual = steps.isEmpty ? 0 : steps.sorted()[(steps.count - 1) / 2]
    breaks = steps.indices.filter { steps[$0] > 1.5 * usual || steps[$0] < 0 }.map { $0 + 1 }
    usualStep = usual
  }

  /// A note about the gaps; `nil` if there are none.
  var note: String? {
    guard !breaks.isEmpty else { return nil }
    let step = usualStep == usualStep.rounded() ? "\(Int(usualStep))" : "\(usualStep)"
    return breaks.count == 1
      ? "1 gap in time (usual step \(step)): no window crosses it"
      : "\(breaks.count) gaps in time (usual step \(step)): no window crosses them"
  }
}
