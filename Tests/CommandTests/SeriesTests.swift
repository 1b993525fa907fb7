import Foundation
import TestProgram
import Testing

/// Series from the command line to what was found in them.
@Suite struct SeriesTests {
  private static let recipe = """
    name: windows
    normalization: standard
    encoder: [{flatten: {}}, {dense: {units: 8, activation: relu}}]
    decoder: [{dense: {units: input}}, {reshape: {shape: input}}]
    loss: {reconstruction: squaredError}
    optimizer: {adam: {learningRate: 0.01}}
    batchSize: 32
    epochs: 30
    """

  /// Two waves, a row a minute; one of them has a spike and the label says so.
  private func series(rows: Int, spike: Range<Int>? = nil) -> String {
    "minute,x,y,state\n"
      + (0..<rows).map { row in
        let isOdd = spike?.contains(row) == true
        let x = sin(Double(row) / 3) + (isOdd ? 4 : 0)
        return "\(row),\(x),\(100 + 10 * cos(Double(row) / 5)),\(isOdd ? "odd" : "usual")\n"
      }.joined()
  }

  private func trained(_ program: Program, _ more: String...) throws -> Outcome {
    try program.write(Self.recipe, to: "windows.yaml")
    try program.write(series(rows: 400), to: "series.csv")
    return try program.start(
      ["train", "windows.yaml", "--data", "series.csv", "--window", "12", "--time", "minute"]
        + ["--label", "state", "--validation", "last:0.2", "--device", "cpu", "--output", "run"]
        + more
    ).wait()
  }

  @Test func findsASpike() throws {
    let program = try Program()
    let run = try trained(program)
    #expect(run.code == 0, "\(run.errors)")
    #expect(
      run.errors.hasPrefix(
        "train: 309 windows of 12 rows, 2 columns of series.csv (label: state, 1 class); 69 windows of "
          + "the last 80 rows held out for validation; scaled to mean 0 and variance 1\n"),
      "\(run.errors)")
    let recipe = try program.text("run/recipe.yaml")
    #expect(recipe.contains("window: 12") && recipe.contains("time: minute"))
    #expect(try program.text("run/environment.json").contains("\"window\" : 12"))

    try program.write(series(rows: 200, spike: 90..<96), to: "new.csv")
    let found = try program.run(
      "anomalies", "run", "--data", "new.csv", "--quantile", "1", "--error", "absolute", "--device",
      "cpu", "--output", "scores.csv", "--plot", "found.png")
    #expect(found.code == 0, "\(found.errors)")
    let rows = try program.text("scores.csv").split(separator: "\n")
    #expect(rows.count == 201)
    #expect(rows[0] == "row,score,anomalous,label,worst")
    for row in 90..<96 {
      let fields = rows[row + 1].split(separator: ",")
      #expect(fields[0] == "\(row)" && fields[2] == "1" && fields[3] == "odd")
      #expect(fields[4].hasPrefix("x"))
    }
    // Far from it nothing is found: no window there has a row of it.
    #expect(!rows[1..<70].contains { $0.split(separator: ",")[2] == "1" })
    #expect(found.output.contains("windows have scores above"))
    #expect(found.output.contains("anomalies are the rows with label odd"))
    #expect(found.output.contains("PCA, 8 components"))
    #expect(program.exists("found.csv"))

    let json = try program.run(
      "anomalies", "run", "--data", "new.csv", "--quantile", "1", "--format", "json", "--device",
      "cpu")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let found2 = try #require(object["series"] as? [String: Any])
    let ranges = try #require(found2["ranges"] as? [[String: Any]])
    #expect(ranges.contains { (90..<96).contains($0["peak"] as? Int ?? -1) })
    #expect(found2["combination"] as? String == "mean" && found2["error"] as? String == "squared")
    #expect(object["examples"] as? Int == 200)
    #expect((object["rocAUC"] as? Double ?? 0) > 0.95)
    #expect(program.exists("run/images/anomalies.csv"))
  }

  @Test func commandsFollowTheWindow() throws {
    let program = try Program()
    let run = try trained(program, "--epochs", "2", "--missing", "mask", "--stride", "3")
    #expect(run.code == 0, "\(run.errors)")
    try program.write(
      "minute,y,x\n" + (0..<20).map { "\($0),\($0 % 7 == 3 ? "" : "100"),0\n" }.joined(),
      to: "new.csv")
    let codes = try program.run("encode", "run", "--data", "new.csv", "--device", "cpu")
    #expect(codes.code == 0, "\(codes.errors)")
    #expect(codes.output.split(separator: "\n").count == 1 + 3)
    let made = try program.run(
      "reconstruct", "run", "--data", "new.csv", "--device", "cpu", "--output", "-")
    #expect(made.output.hasPrefix("row,t0.x,t0.y,t1.x,"))
    let judged = try program.run("evaluate", "run", "--device", "cpu", "--format", "json")
    #expect(judged.code == 0 && judged.output.contains("\"examples\" : 23"), "\(judged.output)")
    let rows = try program.run("anomalies", "run", "--data", "new.csv", "--device", "cpu")
    #expect(rows.code == 0, "\(rows.errors)")
    // Rows 18 and 19 are in none of the windows at rows 0, 3 and 6.
    #expect(rows.output.hasSuffix("\n18,,,\n19,,,\n"))
    let going = try program.run("train", "--resume", "run", "--epochs", "3", "--quiet")
    #expect(going.code == 0, "\(going.errors)")
    #expect(try program.text("run/metrics.jsonl").split(separator: "\n").count == 3)
  }

  /// Several files are one series; results are given by file and row.
  @Test func findsASpikeInOneOfSeveralFiles() throws {
    let program = try Program()
    try program.write(Self.recipe, to: "windows.yaml")
    for name in ["logs", "new"] {
      try FileManager.default.createDirectory(
        atPath: program.folder + "/" + name, withIntermediateDirectories: false)
    }
    for name in ["a", "b"] { try program.write(series(rows: 300), to: "logs/\(name).csv") }
    let run = try program.run(
      "train", "windows.yaml", "--data", "logs", "--window", "12", "--label", "state",
      "--ignore", "minute", "--validation", "last:0.2", "--device", "cpu", "--output", "run")
    #expect(run.code == 0, "\(run.errors)")
    #expect(
      run.errors.hasPrefix(
        "train: 458 windows of 12 rows, 2 columns of logs (2 files; label: state"),
      "\(run.errors)")
    try program.write(series(rows: 100), to: "new/first.csv")
    try program.write(series(rows: 100, spike: 0..<4), to: "new/second.csv")
    let found = try program.run(
      "anomalies", "run", "--data", "new/*.csv", "--quantile", "1", "--device", "cpu", "--output",
      "scores.csv")
    #expect(found.code == 0, "\(found.errors)")
    let rows = try program.text("scores.csv").split(separator: "\n")
    #expect(rows.count == 201 && rows[0] == "file,row,score,anomalous,label,worst")
    #expect(rows[100].hasPrefix("first.csv,99,") && rows[101].hasPrefix("second.csv,0,"))
    #expect(rows[101].contains(",1,odd,"))
    #expect(found.output.contains("second.csv          0"), "\(found.output)")
    let json = try program.run(
      "anomalies", "run", "--data", "new", "--quantile", "1", "--format", "json", "--device", "cpu")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let ranges = try #require((object["series"] as? [String: Any])?["ranges"] as? [[String: Any]])
    #expect(
      ranges.contains { $0["file"] as? String == "second.csv" && $0["first"] as? Int == 0 },
      "\(ranges)")
  }

  @Test func refusesInOneSentence() throws {
    let program = try Program()
    let short = try trained(program, "--window", "401")
    #expect(short.code == 1)
    #expect(
      short.errors
        == "aegpu: series.csv: expected a series of at least 401 rows, the length of a window, "
        + "received "
        + "400 rows; choose a smaller window\n")
    let drawn = try trained(program, "--validation", "0.2")
    #expect(drawn.code == 1 && drawn.errors.contains("use --validation last:0.2"))
    let stride = try trained(program, "--stride", "0")
    #expect(stride.code == 64)
    let table = try program.run(
      "train", "table", "--data", "series.csv", "--label", "state", "--epochs", "1", "--device",
      "cpu", "--output", "table")
    #expect(table.code == 0)
    let plot = try program.run("anomalies", "table", "--plot", "x.png", "--device", "cpu")
    #expect(
      plot.code == 1 && plot.errors.hasPrefix("aegpu: --plot: expected a run trained on windows"))
  }
}
