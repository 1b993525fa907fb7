import Foundation
import Randoms
import Reports
import Subprocesses
import TestFolders
import Testing

@Suite struct PlotTests {
  static let hasGnuplot =
    (try? Subprocess.run("gnuplot", ["--version"]))?.status == 0

  static let scatter = ScatterPlot(
    title: "codes", points: [1, 2, -0.5, 4, 3, 3], labels: [1, 0, 1],
    labelNames: ["it's `ls` $x", "a \"b\", c"])

  @Test func writesTheNumbersOfAScatter() {
    #expect(
      Self.scatter.csv == """
        x,y,label
        1.0,2.0,"a ""b"", c"
        -0.5,4.0,it's `ls` $x
        3.0,3.0,"a ""b"", c"

        """)
    #expect(ScatterPlot(title: "", points: [1, 2]).csv == "x,y\n1.0,2.0\n")
    #expect(
      ScatterPlot(title: "", points: [1, 2], labels: [9]).csv == "x,y,label\n1.0,2.0,9\n")
  }

  @Test func writesTheNumbersOfAPair() {
    var pca = ScatterPlot(title: "PCA", points: [7, 8, 9, 10, 11, 12], labels: [1, 0, 1])
    pca.axes = ["first", "second"]
    let pair = ScatterPair(left: Self.scatter, right: pca)
    #expect(
      pair.csv == """
        codes x,codes y,PCA first,PCA second,label
        1.0,2.0,7.0,8.0,1
        -0.5,4.0,9.0,10.0,0
        3.0,3.0,11.0,12.0,1

        """)
  }

  @Test func spaceHasThreeColumns() {
    let plot = ScatterPlot(
      title: "", axes: ["x", "y", "z"], points: [1, 2, 3, 4, 5, 6], labels: [0, 1])
    #expect(plot.csv == "x,y,z,label\n1.0,2.0,3.0,0\n4.0,5.0,6.0,1\n")
    #expect(plot.commands.contains("\nsplot $points using 1:2:3:4 "))
  }

  /// The picture of many epochs holds as many as can be told apart, the last among them; a loss that
  /// falls by a factor of 100 has a logarithmic axis.
  @Test func manyEpochsAreThinned() {
    func plot(_ count: Int, fall: Double) -> LossPlot {
      LossPlot(
        title: "",
        rows: (1...count).map {
          .init(epoch: $0, training: $0 == count ? 1 : fall, validation: nil)
        })
    }
    let long = plot(100_001, fall: 99)
    #expect(long.csv.split(separator: "\n").count == 100_002)
    let lines = long.commands.split(separator: "\n")
    #expect(lines.count < 2000 && lines.contains("100001 1.0") && lines.contains("1 99.0"))
    #expect(!long.commands.contains("logscale"))
    #expect(plot(10, fall: 100).commands.contains("\nset logscale y\n"))
  }

  @Test func writesTheNumbersOfLosses() {
    let plot = LossPlot(
      title: "loss",
      rows: [
        LossPlot.Row(epoch: 1, training: 0.5, validation: nil),
        LossPlot.Row(epoch: 2, training: 0.25, validation: 0.3),
      ])
    #expect(plot.csv == "epoch,training,validation\n1,0.5,\n2,0.25,0.3\n")
  }

  /// Names go to gnuplot as they are: nothing in them is run, and nothing ends the picture.
  @Test(.enabled(if: hasGnuplot)) func drawsEveryKind() throws {
    try inFolder { folder in
      var hostile = Self.scatter
      hostile.title = "`touch \(folder)/run`\n'; system('touch \(folder)/run') #"
      let losses = LossPlot(
        title: "loss", rows: [LossPlot.Row(epoch: 1, training: 0.5, validation: 0.4)])
      let plots: [any Plot] = [
        hostile, ScatterPlot(title: "one", points: [1, 1]), losses,
        ScatterPair(left: Self.scatter, right: Self.scatter),
        ScatterPlot(title: "'quoted'", axes: ["'", "\"", "`"], points: [1, 2, 3, 4, 5, 6]),
        ScatterPlot(
          title: "\"both\" 'kinds'", points: [1, 2, 3, 4], labels: [0, 1],
          labelNames: ["'quoted'", "\"@a \\140"]),
      ]
      for (index, plot) in plots.enumerated() {
        let base = "\(folder)/it's \(index)"
        #expect(try plot.write(to: base) == .drawn(csv: base + ".csv", png: base + ".png"))
        let bytes = try Data(contentsOf: URL(fileURLWithPath: base + ".png"))
        // The size stands in the header.
        let numbers = (16..<24).map { Int(bytes[$0]) }
        #expect(numbers[2] << 8 | numbers[3] == plot.size.width)
        #expect(numbers[6] << 8 | numbers[7] == plot.size.height)
        #expect(try String(contentsOfFile: base + ".csv", encoding: .utf8) == plot.csv)
      }
      #expect(!FileManager.default.fileExists(atPath: folder + "/run"))
    }
  }

  @Test(.enabled(if: hasGnuplot)) func saysWhenThereIsNothingToDraw() throws {
    try inFolder { folder in
      let outcome = try ScatterPlot(title: "a", points: [.nan, .nan]).write(to: folder + "/a")
      let note = try #require(outcome.note)
      #expect(
        note.hasPrefix("\(folder)/a.csv has only the data of a plot: gnuplot gave no picture: "))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.csv"])
    }
  }

  /// In its own process, since the PATH is process-wide.
  @Test func leavesTheNumbersWhereThereIsNoGnuplot() async throws {
    await #expect(processExitsWith: .success) {
      try inFolder { folder in
        setenv("PATH", folder, 1)
        let outcome = try PlotTests.scatter.write(to: folder + "/a")
        #expect(
          outcome
            == .numbersOnly(
              csv: folder + "/a.csv",
              reason: "gnuplot is not on the PATH; install it to see the picture"))
        #expect(
          outcome.note
            == "\(folder)/a.csv has only the data of a plot: gnuplot is not on the PATH; "
            + "install it to see the picture")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.csv"])
      }
    }
  }

  /// A gnuplot that hangs is ended, and the numbers stay.
  @Test func endsAGnuplotThatHangs() async throws {
    await #expect(processExitsWith: .success) {
      try inFolder { folder in
        let program = folder + "/gnuplot"
        try "#!/bin/sh\nexec sleep 600\n".write(
          toFile: program, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        setenv("PATH", folder + ":/usr/bin:/bin", 1)
        let outcome = try PlotTests.scatter.write(to: folder + "/a", timeLimit: 0.2)
        #expect(
          outcome.note == "\(folder)/a.csv has only the data of a plot: gnuplot took longer than "
            + "0.2 s and was ended")
      }
    }
  }
}

@Suite struct SubprocessTests {
  @Test func passesInputOutputErrorsAndStatus() throws {
    let big = String(repeating: "0123456789\n", count: 100_000)
    let echo = try Subprocess.run(
      "sh", ["-c", "cat; cat >&2 <&0; echo bad >&2; exit 3"], input: big)
    #expect(echo.output == Array(big.utf8))
    #expect(echo.errors == "bad\n")
    #expect(echo.status == 3)
    #expect(try Subprocess.run("sh", ["-c", "kill -9 $$"]).status == 137)
    #expect(try Subprocess.run("printf", ["%s|", "a b", "", "c"]).output == Array("a b||c|".utf8))
  }

  /// Ours, with some variables set: one that is new, and one instead of ours.
  @Test func environment() throws {
    setenv("AEGPU_GIVEN_OURS", "ours", 1)
    setenv("AEGPU_GIVEN_BOTH", "ours", 1)
    let shown = try Subprocess.run(
      "env", [], environment: ["AEGPU_GIVEN_BOTH": "its own", "AEGPU_GIVEN_NEW": "new"])
    let lines = String(decoding: shown.output, as: UTF8.self).split(separator: "\n")
    #expect(
      lines.filter { $0.hasPrefix("AEGPU_GIVEN_") }.sorted()
        == ["AEGPU_GIVEN_BOTH=its own", "AEGPU_GIVEN_NEW=new", "AEGPU_GIVEN_OURS=ours"])
  }

  @Test func endsWhatTakesTooLong() throws {
    let late = try Subprocess.run("sleep", ["600"], timeLimit: 0.05)
    #expect(late.timedOut && late.status == 137)
    let quick = try Subprocess.run("true", [], timeLimit: 60)
    #expect(!quick.timedOut && quick.status == 0)
  }

  @Test func namesAProgramThatIsNotThere() {
    do throws(Subprocess.Failure) {
      _ = try Subprocess.run("no-such-program", [])
      Issue.record("ran")
    } catch {
      #expect(error == .notFound(program: "no-such-program"))
    }
  }
}
