import Foundation
import TestProgram
import Testing

/// A row of the table: what is there, what is asked for, and what is said of it.
struct BadRow: Sendable, CustomTestStringConvertible {
  let name: String
  /// Files of the folder in which the program runs.
  var files: [String: Data] = [:]
  /// What makes the rest of it, for a shell.
  var setUp = ":"
  let arguments: [String]
  /// Limits that a shell sets before it.
  var limits = ":"
  /// In the sentence.
  let says: String
  /// Megabytes.
  var peak = 150

  // Escaped: some names control terminals.
  var testDescription: String { name.debugDescription }

  /// Training on data.
  static func data(
    _ name: String, _ files: [String: Data], _ path: String, recipe: String = "table",
    says: String, peak: Int = 150
  ) -> BadRow {
    BadRow(
      name: name, files: files, arguments: Self.train(path, recipe), says: says, peak: peak)
  }

  /// The same, where the data are one file.
  static func file(
    _ name: String, _ content: Data, says: String, peak: Int = 150
  ) -> BadRow {
    let isImage = name.hasSuffix(".png") || name.hasSuffix(".jpg")
    return .data(
      name, [name: content], name, recipe: isImage ? "simple" : "table", says: says, peak: peak)
  }

  /// A folder of IDX files, the training images these.
  static func idx(_ name: String, _ images: Data, ending: String = "", says: String) -> BadRow {
    .data(name, idxFolder(images, ending: ending), "idx", recipe: "dense", says: says)
  }

  static func idxFolder(_ images: Data, ending: String = "") -> [String: Data] {
    [
      "idx/train-images-idx3-ubyte\(ending)": images,
      "idx/train-labels-idx1-ubyte": BadFiles.goodLabels,
      "idx/t10k-images-idx3-ubyte": BadFiles.goodIDX,
      "idx/t10k-labels-idx1-ubyte": BadFiles.goodLabels,
    ]
  }

  /// Weights to start with.
  static func weights(_ name: String, _ content: Data, says: String) -> BadRow {
    BadRow(
      name: "weights: \(name)", files: ["w.safetensors": content],
      arguments: train("digits", "dense") + ["--limit", "64", "--init-from", "w.safetensors"],
      says: says)
  }

  /// A recipe's file.
  static func recipe(_ name: String, _ content: Data, says: String, peak: Int = 150) -> BadRow {
    BadRow(
      name: "recipe: \(name)", files: ["own.yaml": content], arguments: ["summary", "own.yaml"],
      says: says, peak: peak)
  }

  static func train(_ data: String, _ recipe: String) -> [String] {
    [
      "train", recipe, "--data", data, "--epochs", "1", "--device", "cpu", "--output", "run",
      "--quiet",
    ]
  }

  /// Makes the folder, runs the program there, and looks what it said and left.
  func judge() throws {
    let program = try Program()
    try lay(in: program)
    let before = try names(program)
    let run = try MeasuredRun(arguments, in: program.folder, limits: limits)
    #expect(run.objections(saying: says, peak: peak) == [], "\(name)")
    #expect(try names(program) == before, "\(name)")
  }

  func lay(in program: Program) throws {
    for (name, content) in files {
      let url = URL(fileURLWithPath: program.folder + "/" + name)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try content.write(to: url)
    }
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/bash")
    shell.arguments = ["-c", setUp]
    shell.currentDirectoryURL = URL(fileURLWithPath: program.folder)
    try shell.run()
    shell.waitUntilExit()
    try #require(shell.terminationStatus == 0)
  }

  private func names(_ program: Program) throws -> [String] {
    (FileManager.default.enumerator(atPath: program.folder)?.compactMap { $0 as? String } ?? [])
      .sorted()
  }
}
