import Foundation
import TestProgram
import Testing

/// Reports as a browser shows them, on a phone and on a desk, light and dark.
@Suite(.withBrowser, .serialized) struct ReportTests {
  private let program: Program

  init() throws { program = try Program() }

  private static let last = ["time", "environment", "recipe"]

  /// - Parameter data: what the page is about, if not the run's own data.
  private func expectWell(
    _ training: [String], data: String? = nil, sections: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let trained = try program.start(
      ["train"] + training + ["--device", "cpu", "--output", "run"]
    ).wait()
    try #require(trained.code == 0, "\(trained.errors)", sourceLocation: sourceLocation)
    let made = try program.start(
      ["report", "run", "--device", "cpu"] + (data.map { ["--data", $0] } ?? [])
    ).wait()
    try #require(made.code == 0, "\(made.errors)", sourceLocation: sourceLocation)
    let expected = ["numbers", "loss"] + sections + Self.last
    let seen = try Peers.look(program.folder + "/run/report.html", sections: expected)
    #expect(seen == "well\n", sourceLocation: sourceLocation)
  }

  private static let digits = [
    "--data", "digits", "--limit", "300", "--batch-size", "20", "--epochs", "3",
  ]

  @Test func variational() throws {
    try expectWell(
      ["vae"] + Self.digits, sections: ["reconstructions", "samples", "codes", "units"])
  }

  @Test func plane() throws {
    try expectWell(
      ["latent2d"] + Self.digits, sections: ["reconstructions", "samples", "codes"])
  }

  @Test func codebook() throws {
    try expectWell(
      ["vq"] + Self.digits, sections: ["reconstructions", "codes", "codebook"])
  }

  @Test func convolutions() throws {
    try expectWell(
      ["conv"] + Self.digits, sections: ["reconstructions", "samples", "codes"])
  }

  @Test func tableWithAnomalies() throws {
    let rows = (0..<300).map { row -> String in
      let t = Double(row * 37 % 101) / 101
      let isBad = row % 20 == 7
      return "\(t),\(10 - 5 * t),\(isBad ? 3 : t * t),\(t / 2),\(isBad ? "bad" : "good")"
    }
    try program.write(
      (["a column whose name is longer than most,b,c,d,kind"] + rows).joined(separator: "\n"),
      to: "data.csv")
    try expectWell(
      ["table", "--data", "data.csv", "--label", "kind", "--validation", "0.4", "--epochs", "40"],
      sections: ["reconstructions", "samples", "codes", "anomalies"])
  }

  @Test func series() throws {
    try expectWell(
      ["series-conv", "--epochs", "1"], data: "daily",
      sections: ["reconstructions", "samples", "codes", "anomalies"])
  }

  @Test func severalRuns() throws {
    for name in ["first", "second"] {
      let outcome = try program.run(
        "train", "linear-pca", "--device", "cpu", "--epochs", "2", "--output", name)
      try #require(outcome.code == 0, "\(outcome.errors)")
    }
    let made = try program.run(
      "report", "first", "second", "--device", "cpu", "--without-profile")
    try #require(made.code == 0, "\(made.errors)")
    let seen = try Peers.look(
      program.folder + "/report.html", sections: ["comparison", "run1", "run2"])
    #expect(seen == "well\n")
  }
}

extension Peers {
  /// A browser's findings about a page: `well` if there are none.
  fileprivate static func look(_ page: String, sections: [String]) throws -> String {
    try run("report.py", arguments: [browser!, page] + sections)
  }
}
