import Foundation
import TestProgram
import Testing

/// A table from the command line to the run's folder.
@Suite struct TableTests {
  private func write(_ text: String, to name: String, in program: Program) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: program.folder + "/" + name))
  }

  private static let sensors =
    "date;a;b;state\n"
    + (0..<40).map { "d\($0);\($0),5;\($0 * $0);\($0 % 4 == 0 ? "on" : "off")\n" }
    .joined()

  @Test func trainsATable() throws {
    let program = try Program()
    try write(Self.sensors, to: "sensors.csv", in: program)
    let outcome = try program.run(
      "train", "table", "--data", "sensors.csv", "--label", "state", "--ignore", "date",
      "--validation", "0.25", "--epochs", "2", "--device", "cpu", "--output", "run")
    #expect(outcome.code == 0)
    #expect(
      outcome.errors.hasPrefix(
        """
        train: 40 rows, 2 columns of sensors.csv (label: state, 2 classes; ignored: date); 10 of them \
        held out for validation by seed 1, stratified by class; scaled to mean 0 and variance 1
        train: fields are separated by ;, detected from the lines
        train: the decimal sign is a comma, detected from the numbers

        """), "\(outcome.errors)")
    let recipe = try program.text("run/recipe.yaml")
    #expect(!recipe.contains("units: input"))
    #expect(recipe.contains("label: state"))
    let again = try program.run(
      "train", "run/recipe.yaml", "--device", "cpu", "--output", "again")
    #expect(again.code == 0)
    #expect(try program.text("again/recipe.yaml") == recipe)
    #expect(
      try program.data("again/weights.safetensors").suffix(4096)
        == program.data("run/weights.safetensors").suffix(4096))
  }

  @Test func summaryFollowsTheData() throws {
    let program = try Program()
    try write("a,b,c\n1,2,3\n", to: "x.csv", in: program)
    let outcome = try program.run("summary", "table", "--data", "x.csv")
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("[3]"))
    let none = try program.run("summary", "table")
    #expect(none.code == 1)
    #expect(
      none.errors
        == "aegpu: data: expected a data set's name or a path, received none, and the recipe table "
        + "names no data; name them with --data\n")
    let other = try program.run("train", "dense", "--data", "x.csv", "--device", "cpu")
    #expect(other.code == 1)
    #expect(
      other.errors
        == "aegpu: x.csv: expected examples of 784 values for the recipe's input [784], "
        + "received "
        + "[3]; train the recipe table, which works for any table, or leave input out and give "
        + "the decoder's last layer units: input\n")
  }

  @Test func flagsAreFieldsOfData() throws {
    let program = try Program()
    try write("1|2|x|\n3|?|y|\n", to: "x.csv", in: program)
    let outcome = try program.run(
      "train", "table", "--data", "x.csv", "--no-header", "--separator", "|", "--columns", "2,1",
      "--missing", "mean", "--decimal", ".", "--validation", "last:0.5", "--epochs", "1",
      "--device",
      "cpu", "--output", "run")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let recipe = try program.text("run/recipe.yaml")
    for part in ["header: false", "separator: '|'", "missing: mean", "last: 0.5"] {
      #expect(recipe.contains(part), "\(part) in \(recipe)")
    }
    let wrong = try program.run("train", "table", "--data", "x.csv", "--missing", "median")
    #expect(wrong.code == 64)
  }

  /// Two columns of which one is twice the other: what is missing is filled in by what is there, and
  /// counts in no loss, score or error.
  @Test func masksMissingValues() throws {
    let program = try Program()
    let rows = (0..<60).map { i in
      let x = Double(i % 20) - 9.5
      return "\(1_700_000_000 + x),\(i % 9 == 4 ? "" : "\(2 * x)")\n"
    }
    try write("a,b\n" + rows.joined(), to: "x.csv", in: program)
    let settings = [
      "encoder=[{dense: {units: 1}}]", "decoder=[{dense: {units: input}}]", "batchSize=60",
      "optimizer.adam.learningRate=0.05",
    ]
    let outcome = try program.start(
      ["train", "table", "--data", "x.csv", "--missing", "mask", "--epochs", "400"]
        + ["--validation", "none", "--device", "cpu", "--output", "run"]
        + settings.flatMap { ["--set", $0] }
    ).wait()
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("train: 7 missing values in 1 column left out of the loss\n"))
    // Columns in another order; b is 2 (a − 1.7e9).
    try write("b,a\n,1700000008\n4,1700000002\n", to: "new.csv", in: program)
    let filled = try program.run(
      "reconstruct", "run", "--data", "new.csv", "--device", "cpu", "--output", "-")
    #expect(filled.code == 0, "\(filled.errors)")
    let values = filled.output.split(separator: "\n").dropFirst().map {
      $0.split(separator: ",").dropFirst().compactMap { Double($0) }
    }
    #expect(values.count == 2)
    #expect(abs(values[1][0] - 1_700_000_002) < 0.5 && abs(values[1][1] - 4) < 1)
    let scores = try program.run("anomalies", "run", "--device", "cpu", "--output", "scores.csv")
    #expect(scores.code == 0, "\(scores.errors)")
    let judged = try program.run("evaluate", "run", "--device", "cpu", "--format", "json")
    #expect(judged.code == 0 && !judged.output.contains("nan"))
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/bin/bash")))
  func refusesWhatMemoryDoesNotHold() throws {
    let program = try Program()
    try write("a,b\n1,2\n", to: "big.csv", in: program)
    // A file with a hole, as long as no machine's memory.
    #expect(truncate(program.folder + "/big.csv", 1 << 43) == 0 || errno == EFBIG)
    guard
      try FileManager.default.attributesOfItem(atPath: program.folder + "/big.csv")[.size]
        as? Int == 1 << 43
    else { return }
    // Its numbers would be written to the cache, if it were text.
    let outcome = try program.run("train", "table", "--data", "big.csv", "--device", "cpu")
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("a byte 0 at offset 8"))
    // Windows are in memory.
    let series = try program.run("train", "series-conv", "--data", "big.csv", "--device", "cpu")
    #expect(series.code == 1)
    #expect(series.errors.contains("read its first rows only with --limit"))
    let limited = try program.run(
      "train", "table", "--data", "big.csv", "--limit", "1", "--epochs", "1", "--device", "cpu",
      "--output", "run")
    #expect(limited.code == 0, "\(limited.errors)")
  }

  /// A run stores what its model needs of its data: they may no longer exist when it is used with others.
  @Test func otherDataNeedNotTheRuns() throws {
    let program = try Program()
    let rows = (0..<40).map { "\($0).5,\($0 * $0),\(1_700_000_000 + $0)\n" }.joined()
    try write("a,b,c\n" + rows, to: "x.csv", in: program)
    try write("a,b,c\n" + rows, to: "y.csv", in: program)
    let trained = try program.run(
      "train", "table", "--data", "x.csv", "--epochs", "2", "--device", "cpu", "--output", "run")
    try #require(trained.code == 0, "\(trained.errors)")
    func answers() throws -> [String] {
      try ["encode", "reconstruct"].map { verb in
        let outcome = try program.run(
          verb, "run", "--data", "y.csv", "--device", "cpu", "--output", "-", "--format", "csv")
        #expect(outcome.code == 0, "\(outcome.errors)")
        return outcome.output
      }
    }
    let before = try answers()
    // Columns that the model does not know are reported.
    try write("c,extra,b,a\n1,2,3,4\n", to: "more.csv", in: program)
    let more = try program.run(
      "encode", "run", "--data", "more.csv", "--device", "cpu", "--output", "more.npy")
    #expect(more.code == 0)
    #expect(
      more.errors.hasPrefix(
        "aegpu: more.csv: 1 column that the model was not trained on is ignored: extra\n"),
      "\(more.errors)")
    try FileManager.default.removeItem(atPath: program.folder + "/x.csv")
    #expect(try answers() == before)
    // Errors about the run's data contain their name.
    let own = try program.run("encode", "run", "--device", "cpu")
    #expect(own.code == 1)
    #expect(own.errors.contains("x.csv"))
  }
}
