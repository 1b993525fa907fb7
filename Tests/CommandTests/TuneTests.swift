import Foundation
import TestProgram
import Testing

/// `tune`, and what the other commands make of its records.
@Suite(.serialized) struct TuneTests {
  private static let quick = [
    "tune", "simple", "--batch-size", "16", "--set", "encoder.0.dense.units=5", "--windows", "1",
    "--seconds", "0.0001", "--format", "json",
  ]
  private static let train = [
    "train", "simple", "--batch-size", "16", "--set", "encoder.0.dense.units=5", "--data", "digits",
    "--limit", "64", "--epochs", "1", "--output", "run",
  ]

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  /// The same for equal objects.
  private func text(_ object: Any?) throws -> String {
    let data = try JSONSerialization.data(
      withJSONObject: #require(object), options: .sortedKeys)
    return String(decoding: data, as: UTF8.self)
  }

  /// One record for several checks, because measuring takes longest.
  @Test(.enabled(if: Program.hasOpenCL))
  func aRecordIsFollowedWhileItServes() throws {
    let program = try Program()
    let tuned = try program.start(Self.quick + ["--device", "0"]).wait()
    #expect(tuned.code == 0, "\(tuned.errors)")
    let report = try object(tuned.output)
    let device = try #require((report["devices"] as? [[String: Any]])?.first)
    let products = try #require(device["products"] as? [[String: Any]])
    #expect(products.count == 7)
    let rates = try #require(report["rates"] as? [[String: Any]])
    #expect(Set(rates.compactMap { $0["device"] as? String }).isSuperset(of: ["0", "cpu"]))
    #expect(rates.allSatisfy { $0["samplesPerSecond"] as? Double ?? 0 > 0 })
    let file = try #require(device["file"] as? String)
    #expect(file.hasPrefix(program.folder + "/cache/tuned/"))

    try expectProductsFollow(file, program)
    try expectAutoFollows(file, program)
    try expectWhatDoesNotServeIsTold(file, program)
  }

  /// A run computes each product as the record says, whatever that is: here what was not taken, in
  /// launches of its own.
  private func expectProductsFollow(_ file: String, _ program: Program) throws {
    var record = try object(String(contentsOfFile: file, encoding: .utf8))
    var kept = try #require(record["products"] as? [[String: Any]])
    for index in kept.indices {
      kept[index]["fastest"] = ["candidate": "clblast", "microseconds": 1.0]
    }
    record["products"] = kept
    let rates = try #require(record["rates"] as? [[String: Any]])
    record["rates"] = rates.map { $0.merging(["schedule": "twoQueues"]) { $1 } }
    try JSONSerialization.data(withJSONObject: record).write(to: URL(fileURLWithPath: file))
    let run = try program.start(Self.train + ["--device", "0"]).wait()
    #expect(run.code == 0, "\(run.errors)")
    let environment = try object(program.text("run/environment.json"))
    let used = try #require(environment["products"] as? [[String: Any]])
    for shape in try kept.map({ try text($0["shape"]) }) {
      let choice = try used.first { try text($0["shape"]) == shape }
      #expect(choice?["candidate"] as? String == "clblast", "\(shape)")
    }
  }

  /// The fastest device is the one that the records say.
  private func expectAutoFollows(_ file: String, _ program: Program) throws {
    var record = try object(String(contentsOfFile: file, encoding: .utf8))
    for (name, rate) in [("cpu", 1.0), ("0", 1e12)] {
      var rates = try #require(record["rates"] as? [[String: Any]])
      rates[0]["samplesPerSecond"] = rate
      record["rates"] = rates
      try JSONSerialization.data(withJSONObject: record).write(to: URL(fileURLWithPath: file))
      let auto = try program.start(Self.train + ["--overwrite"]).wait()
      #expect(auto.code == 0, "\(auto.errors)")
      #expect(auto.errors.hasPrefix("aegpu: device \(name) ("))
      #expect(auto.errors.contains(" is the fastest for simple: "))
      #expect(auto.output.contains("device      \(name) ("))
    }
    let rest = try program.start(Self.quick + ["--device", "0", "--missing"]).wait()
    let found = try object(rest.output)
    #expect((found["devices"] as? [[String: Any]])?.first?["products"] as? [Int] == [])
    #expect(found["rates"] as? [Int] == [])
    #expect(rest.errors == "")
    // A device that was not timed may be faster than all that were.
    let native = try #require(
      try program.contents("cache/tuned").first { $0.hasPrefix("native") })
    try FileManager.default.removeItem(atPath: program.folder + "/cache/tuned/" + native)
    let unknown = try program.start(Self.train + ["--overwrite"]).wait()
    #expect(unknown.code == 0 && !unknown.errors.contains("is the fastest"))
    // Another batch was not timed.
    let other = try program.start(Self.train + ["--overwrite", "--batch-size", "17"]).wait()
    #expect(!other.errors.contains("is the fastest"))
  }

  private func expectWhatDoesNotServeIsTold(_ file: String, _ program: Program) throws {
    try "{".write(toFile: file, atomically: true, encoding: .utf8)
    let run = try program.start(Self.train + ["--device", "0", "--overwrite"]).wait()
    #expect(run.code == 0)
    #expect(
      run.errors.hasPrefix(
        "aegpu: \(file): expected a file of aegpu tune, but it is not JSON; the defaults are "
          + "used, and aegpu tune --device 0 measures again\n"))
    // Once, whoever asks for it.
    let auto = try program.start(Self.train + ["--overwrite"]).wait()
    #expect(auto.code == 0 && auto.errors.components(separatedBy: "it is not JSON").count == 2)
    // And tune writes a good one.
    #expect(try program.start(Self.quick + ["--device", "0"]).wait().code == 0)
    let again = try program.start(Self.train + ["--device", "0", "--overwrite"]).wait()
    #expect(again.code == 0 && !again.errors.contains("expected a record"))
  }

  @Test(arguments: [
    (["--device", "cpu"], 64, "The value 'cpu' is invalid for '--device <n>'"),
    (["--windows", "0"], 64, "--windows: expected a whole number from 1, received 0"),
    (
      ["--seconds", "61"], 64, "--seconds: expected a number above 0 and at most 60, received 61.0"
    ),
    (["--device", "99"], 1, "device: expected one of "),
    (["nothing"], 64, "recipe: expected one of adversarial, "),
  ])
  func misuse(arguments: [String], code: Int32, sentence: String) throws {
    let program = try Program()
    let outcome = try program.start(["tune"] + arguments).wait()
    #expect(outcome.code == code)
    #expect(outcome.errors.hasPrefix("aegpu: \(sentence)"), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1)
    #expect(!FileManager.default.fileExists(atPath: program.folder + "/cache"))
  }

  /// An unwritable folder is reported before anything is measured.
  @Test func noFolder() throws {
    let outcome = try Program().start(
      ["tune", "simple"],
      environment: ["AEGPU_CACHE_DIR": "", "XDG_CACHE_HOME": "", "HOME": ""]
    ).wait()
    #expect(outcome.code == 1)
    #expect(
      outcome.errors
        == "aegpu: tune: expected a folder for the results from AEGPU_CACHE_DIR, XDG_CACHE_HOME "
        + "or HOME, found none of these variables\n")
  }
}
