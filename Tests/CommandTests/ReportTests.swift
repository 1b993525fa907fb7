import Foundation
import TestProgram
import Testing

/// `aegpu report`, by its file and its sentences.
@Suite struct ReportTests {
  private let program: Program

  init() throws { program = try Program() }

  private func train(_ recipe: String, _ flags: String..., to folder: String) throws {
    let outcome = try program.start(
      ["train", recipe, "--device", "cpu", "--epochs", "2", "--output", folder] + flags
    ).wait()
    try #require(outcome.code == 0, "\(outcome.errors)")
  }

  private func headings(_ page: String) -> [String] {
    page.matches(of: /<h2 id="([^"]+)"/).map { String($0.1) }
  }

  @Test func oneRun() throws {
    try train("linear-pca", to: "run")
    let outcome = try program.run("report", "run", "--device", "cpu", "--without-profile")
    #expect(outcome.code == 0 && outcome.output.isEmpty, "\(outcome.errors)")
    #expect(outcome.errors == "aegpu: a report of 1 run, in run/report.html\n")
    let page = try program.text("run/report.html")
    #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    #expect(
      headings(page) == [
        "numbers", "loss", "reconstructions", "samples", "codes", "time", "environment", "recipe",
      ])
    #expect(page.contains("Not measured: --without-profile was given."))
    #expect(page.contains("aegpu train run/recipe.yaml --device cpu"))
    #expect(page.contains("name: linear-pca"))

    let again = try program.run("report", "run", "--device", "cpu", "--without-profile")
    #expect(again.code == 1)
    #expect(
      again.errors
        == "aegpu: run/report.html: expected no file, found one; choose another with --output, or add "
        + "--overwrite\n")
    let third = try program.run(
      "report", "run", "--device", "cpu", "--overwrite", "--output", "-")
    #expect(third.code == 0 && third.output.contains("<h2 id=\"time\">Time by kernel</h2>"))
    #expect(third.output.contains("GFLOP/s") && !third.output.contains("Not measured"))
    // Files that a run wrote are removed with it.
    try train("linear-pca", "--overwrite", to: "run")
    #expect(!program.exists("run/report.html"))
  }

  @Test func severalRuns() throws {
    try train("linear-pca", to: "first")
    try train("linear-pca", "--seed", "5", to: "second run")
    let outcome = try program.run(
      "report", "first", "second run", "--device", "cpu", "--without-profile")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let page = try program.text("report.html")
    #expect(headings(page) == ["comparison", "run1", "run2"])
    #expect(page.contains("<h3 id=\"run2-loss\">"))
    #expect(page.contains("* lowest of the comparable losses"))
    #expect(page.contains("aegpu train &#39;second run/recipe.yaml&#39;"))
  }

  /// A page without what the model would make of data that are gone.
  @Test func dataThatAreGone() throws {
    let rows = (0..<40).map { "\($0 % 7),\($0 % 5),\($0 % 3)" }
    try program.write((["a,b,<i>c</i>"] + rows).joined(separator: "\n"), to: "data.csv")
    try train("table", "--data", "data.csv", "--validation", "0.25", to: "run")
    try FileManager.default.removeItem(atPath: program.folder + "/data.csv")
    let outcome = try program.run("report", "run", "--device", "cpu", "--without-profile")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let page = try program.text("run/report.html")
    #expect(headings(page) == ["numbers", "loss", "time", "environment", "recipe"])
    #expect(
      page.contains(
        "<p class=\"missing\">The results of the model on examples are missing (quality, "
          + "reconstructions, samples, codes, anomalies): data: expected "))
  }

  /// Names of files, columns and classes, and the recipe, are text.
  @Test func textsOfOthersAreEscaped() throws {
    let rows = (0..<60).map {
      "\($0 % 7),\($0 % 5),\($0 % 12 == 3 ? "<script>x()</script>" : "a&b")"
    }
    try program.write(
      (["<u>one</u>,two,kind"] + rows).joined(separator: "\n"), to: "<b>data.csv")
    try train(
      "table", "--data", "<b>data.csv", "--label", "kind", "--validation", "0.5", to: "<em>run")
    let outcome = try program.run("report", "<em>run", "--device", "cpu", "--without-profile")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let page = try program.text("<em>run/report.html")
    #expect(headings(page).contains("anomalies"))
    for tag in ["<script", "<u>", "<b>", "<em>"] { #expect(!page.contains(tag), "\(tag)") }
    #expect(page.contains("&lt;script&gt;x()&lt;/script&gt;") && page.contains("&lt;u&gt;one"))
    #expect(page.contains("aegpu train &#39;&lt;em&gt;run/recipe.yaml&#39;"))
  }

  /// Measurements of the machine that trained cannot be repeated on another.
  @Test func devicesThatAreNotThere() throws {
    try train("linear-pca", to: "run")
    let record = try program.text("run/environment.json")
      .replacing("\"identifier\" : \"cpu\"", with: "\"identifier\" : \"77\"")
      .replacing(/"name" : "[^"]*",/, with: "\"name\" : \"A <gone> one\",")
    try program.write(record, to: "run/environment.json")
    let outcome = try program.run("report", "run", "--output", "-")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(
      outcome.output.contains("Not measured: the device of the run, A &lt;gone&gt; one ("),
      "\(record)")
    #expect(headings(outcome.output).contains("codes"))
  }

  @Test func misuse() throws {
    let none = try program.run("report", "nowhere")
    #expect(none.code == 1 && none.errors.hasPrefix("aegpu: nowhere: expected"))
    try train("linear-pca", to: "run")
    let folder = try program.run("report", "run", "--output", "none/page.html")
    #expect(folder.code == 1)
    #expect(
      folder.errors
        == "aegpu: none/page.html: expected a folder none, found none; create it first\n")
    let input = try program.run("report", "a", "b", "--data", "-")
    #expect(input.code == 64)
    #expect(
      input.errors.hasPrefix(
        "aegpu: --data: expected a name or a path with several runs, received -"))
  }
}
