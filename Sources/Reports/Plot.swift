import Subprocesses

/// A plot: its data as CSV, and gnuplot commands that draw it.
package protocol Plot: Sendable {
  /// The data with a header line.
  var csv: String { get }
  /// Size of the picture in pixels.
  var size: (width: Int, height: Int) { get }
  /// gnuplot's commands with the data, without the terminal.
  var commands: String { get }
}

/// The result of writing a plot.
package enum PlotOutcome: Hashable, Sendable {
  case drawn(csv: String, png: String)
  /// There is no picture; `reason` is for the user.
  case numbersOnly(csv: String, reason: String)

  /// A sentence if there is no picture.
  package var note: String? {
    switch self {
    case .drawn: nil
    case .numbersOnly(let csv, let reason): "\(csv) has only the data of a plot: \(reason)"
    }
  }
}

extension Plot {
  /// Writes `<base>.csv`, and `<base>.png` if gnuplot is on the PATH and succeeds.
  /// - `timeLimit`: seconds after which gnuplot is ended: it takes a few for 10,000 points.
  package func write(to base: String, timeLimit: Double = 30) throws(ReportError) -> PlotOutcome {
    let (numbers, picture) = (base + ".csv", base + ".png")
    try AtomicFile.write(csv, to: numbers)
    let terminal =
      "set terminal pngcairo noenhanced size \(size.width),\(size.height) font ',11'\n"
    let result: Subprocess.Result
    do throws(Subprocess.Failure) {
      result = try Subprocess.run(
        "gnuplot", ["-"], input: terminal + commands, timeLimit: timeLimit)
    } catch {
      let reason =
        switch error {
        case .notFound: "gnuplot is not on the PATH; install it to see the picture"
        case .notStarted(_, let reason): "gnuplot could not be started: \(reason)"
        }
      return .numbersOnly(csv: numbers, reason: reason)
    }
    if result.timedOut {
      return .numbersOnly(
        csv: numbers,
        reason: "gnuplot took longer than \(Numbers.short(timeLimit)) s and was ended")
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

/// Formats text and numbers for gnuplot and CSV.
enum PlotText {
  /// In double quotes; characters with a meaning for gnuplot are written in octal: quotes,
  /// backquotes, `@` of macros. Line breaks become spaces.
  static func quoted(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    let letters = line.unicodeScalars.map { scalar -> String in
      let isPlain =
        !scalar.isASCII || scalar.properties.isAlphabetic
        || " .:,-".unicodeScalars
          .contains(scalar)
        || ("0"..."9").contains(scalar)
      if isPlain { return String(scalar) }
      let octal = String(scalar.value, radix: 8)
      return "\\" + String(repeating: "0", count: 3 - octal.count) + octal
    }
    return "\"" + letters.joined() + "\""
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

  /// Axes at the left and at the bottom, a light grid.
  static let frame = """
    set grid lt 1 lw 0.5 lc rgb 0xdddddd
    set border 3
    set tics nomirror
    """

  /// `count` different colours, `0xRRGGBB`: ten that are easy to distinguish; for more, colours
  /// around the circle of hues, every second one darker.
  static func colors(_ count: Int) -> [Int] {
    if count <= ten.count { return Array(ten.prefix(count)) }
    return (0..<count).map { index in
      let hue = 6 * Double(index) / Double(count)
      let value = index % 2 == 0 ? 0.9 : 0.6
      return [0.0, 2.0, 4.0].reduce(0) { color, centre in
        // Each of red, green and blue is full within a sixth of the circle from its hue.
        let away = min(abs(hue - centre), 6 - abs(hue - centre))
        return color << 8 | Int(255 * value * min(max(2 - away, 0), 1) + 0.5)
      }
    }
  }

  private static let ten = [
    0x1f5fa8, 0xe8871e, 0x2a9d3a, 0xd62f2f, 0x8a5cc0, 0x7a4a2c, 0xe26fb4, 0x7f7f7f, 0xb0a915,
    0x19b3c7,
  ]
}
