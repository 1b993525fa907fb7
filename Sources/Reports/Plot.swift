import Subprocesses

/// A plot: its numbers as CSV, and how gnuplot draws them.
package protocol Plot: Sendable {
  /// The numbers with a header line.
  var csv: String { get }
  /// Size of the picture in pixels.
  var size: (width: Int, height: Int) { get }
  /// gnuplot's commands, data included, for a terminal that is set.
  var commands: String { get }
}

/// What became of a plot.
package enum PlotOutcome: Hashable, Sendable {
  case drawn(csv: String, png: String)
  /// There is no picture; `reason` says why in words for a person.
  case numbersOnly(csv: String, reason: String)

  /// A sentence where there is no picture.
  package var note: String? {
    switch self {
    case .drawn: nil
    case .numbersOnly(let csv, let reason): "\(csv) holds the numbers of a plot: \(reason)"
    }
  }
}

extension Plot {
  /// Writes `<base>.csv`, and `<base>.png` where gnuplot is on the PATH and draws it.
  package func write(to base: String) throws(ReportError) -> PlotOutcome {
    let (numbers, picture) = (base + ".csv", base + ".png")
    try AtomicFile.write(csv, to: numbers)
    let terminal =
      "set terminal pngcairo noenhanced size \(size.width),\(size.height) font ',11'\n"
    let result: Subprocess.Result
    do throws(Subprocess.Failure) {
      result = try Subprocess.run("gnuplot", ["-"], input: terminal + commands)
    } catch {
      let reason =
        switch error {
        case .notFound: "gnuplot is not on the PATH; install it to see the picture"
        case .notStarted(_, let reason): "gnuplot could not be started: \(reason)"
        }
      return .numbersOnly(csv: numbers, reason: reason)
    }
    guard result.status == 0, result.output.starts(with: [0x89, 0x50, 0x4e, 0x47]) else {
      let line = result.errors.split(separator: "\n").last.map(String.init)
      return .numbersOnly(
        csv: numbers, reason: "gnuplot gave no picture: \(line ?? "exit status \(result.status)")")
    }
    try AtomicFile.write(result.output, to: picture)
    return .drawn(csv: numbers, png: picture)
  }
}

/// Text and numbers as gnuplot and CSV take them.
enum PlotText {
  /// In single quotes, where gnuplot replaces nothing.
  static func quoted(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return "'"
      + line.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "''") + "'"
  }

  /// A field of a CSV file by RFC 4180.
  static func field(_ text: String) -> String {
    guard text.contains(where: { "\",".contains($0) || $0.isNewline }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }

  /// A named block of data.
  static func block(_ name: String, _ lines: [String]) -> String {
    "$\(name) << END\n" + lines.map { $0 + "\n" }.joined() + "END\n"
  }

  /// `count` colours that differ, `#rrggbb`: once around the circle, every second one darker.
  static func colors(_ count: Int) -> [String] {
    (0..<count).map { index in
      let hue = 6 * Double(index) / Double(max(count, 1))
      let value = index % 2 == 0 ? 0.9 : 0.62
      // The distance on the circle from red, green and blue, 0 to 3.
      let channels = [0.0, 2.0, 4.0].map { centre -> Double in
        let away = abs(hue - centre)
        return value * min(max(2 - min(away, 6 - away), 0.08), 1)
      }
      return "#"
        + channels.map { channel in
          let byte = Int(channel * 255 + 0.5)
          return (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
  }
}
