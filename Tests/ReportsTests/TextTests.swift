import Reports
import Testing

@Suite struct TextTableTests {
  @Test func alignsTextLeftAndNumbersRight() {
    var table = TextTable([.text("layer"), .number("weights"), .text("note")])
    table.append(["Dense", "78,500", ""])
    table.append(["ConvTranspose2D", "9", "größer"])
    #expect(
      table.description == """
        layer            weights  note
        ───────────────  ───────  ──────
        Dense             78,500
        ConvTranspose2D        9  größer
        """)
  }

  @Test func showsAHeaderWithoutRows() {
    #expect(TextTable([.text("a"), .number("bc")]).description == "a  bc\n─  ──")
  }
}

@Suite struct NumbersTests {
  @Test func groupsThousands() {
    let numbers = [0, 7, 999, 1000, 142_310, -1_234_567, .min]
    #expect(
      numbers.map(Numbers.grouped) == [
        "0", "7", "999", "1,000", "142,310", "-1,234,567", "-9,223,372,036,854,775,808",
      ])
  }

  @Test func writesLosses() {
    let losses = [0.30124, 12.345, 0, -1.5, 0.00001234, 1e6, .nan, .infinity, -.infinity]
    #expect(
      losses.map(Numbers.loss) == [
        "0.3012", "12.35", "0.0000", "-1.5000", "1.23e-05", "1.00e+06", "nan", "inf", "-inf",
      ])
  }

  @Test func writesThreeDigits() {
    let numbers = [0, 0.01234, 0.00001, 0.9996, 1.234, 9.996, 12.34, 99.96, 1234.5, -56.78, .nan]
    #expect(
      numbers.map(Numbers.short) == [
        "0.00", "0.0123", "1e-05", "1.00", "1.23", "10.0", "12.3", "100", "1,235", "-56.8", "nan",
      ])
    #expect([0.0, 0.4834, 1.5].map(Numbers.percent) == ["0.0 %", "48.3 %", "150.0 %"])
  }

  @Test func writesDurations() {
    let seconds = [0, 42, 59.6, 725, 11_045, -1, .nan]
    #expect(
      seconds.map(Numbers.duration) == [
        "0:00", "0:42", "1:00", "12:05", "3:04:05", "–:––", "–:––",
      ])
  }
}

@Suite struct ProgressBarTests {
  static let progress = ProgressBar(
    epoch: 3, epochs: 100, fraction: 0.47, loss: 0.30124, examplesPerSecond: 142_309.7,
    secondsLeft: 42)

  @Test func showsAPlainLine() {
    #expect(
      Self.progress.plainLine
        == "epoch   3/100   47 %  loss 0.3012  142,310 examples/s  0:42 left")
  }

  @Test(arguments: [
    (
      120,
      "epoch   3/100 ━━━━━━━━━━━━━━━━━━╸                       47 %  loss 0.3012  "
        + "142,310 examples/s  0:42 left"
    ),
    (
      80,
      "epoch   3/100 ━━━━━━━╸          47 %  loss 0.3012  142,310 examples/s  0:42 left"
    ),
    (
      70,
      "epoch   3/100 ━━━━━━━╸           47 %  loss 0.3012  142,310 examples/s"
    ),
    (30, "epoch   3/100 ━━━━╸       47 %"),
    (20, "epoch   3/100  47 %"),
    (9, "epoch   3"),
    (0, ""),
  ]) func fitsTheTerminal(width: Int, line: String) {
    #expect(Self.progress.line(width: width, color: false) == line)
    #expect(line.count <= width)
  }

  @Test func colorsTheBarAlone() {
    let line = Self.progress.line(width: 80, color: true)
    #expect(line.contains("\u{1b}[32m━━━━━━━╸\u{1b}[90m━━━━━━━━"))
    #expect(line.hasSuffix("\u{1b}[0m  47 %  loss 0.3012  142,310 examples/s  0:42 left"))
    #expect(!Self.progress.line(width: 80, color: false).contains("\u{1b}"))
  }

  @Test func staysWithinItsBoundsForAnyValue() {
    var progress = Self.progress
    for fraction in [-1, 0, 0.999, 1, 2, .nan, .infinity] {
      for rate in [0, -1, 1e300, .nan, .infinity] {
        (progress.fraction, progress.examplesPerSecond, progress.secondsLeft) = (
          fraction, rate, rate
        )
        for width in 0...130 {
          #expect(progress.line(width: width, color: false).count <= width)
        }
      }
    }
    (progress.fraction, progress.examplesPerSecond, progress.secondsLeft) = (0.999, 5, nil)
    #expect(progress.plainLine == "epoch   3/100   99 %  loss 0.3012  5 examples/s")
  }
}
