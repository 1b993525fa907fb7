import Foundation
import TestProgram
import Testing

/// A disk that is full: one sentence, nothing half-written, and what was kept before can be used.
@Suite(.enabled(if: FullDisk.isPossible)) struct FullDiskTests {
  /// The weights and pictures of runs that have all the room they want.
  private static let whole = Result { try undisturbed(epochs: 3) }
  private static let longer = Result { try undisturbed(epochs: 4) }

  private static func undisturbed(epochs: Int) throws -> (weights: Data, images: [String]) {
    let program = try Program()
    #expect(try program.start(train("whole", epochs: epochs)).wait().code == 0)
    return (try program.weights(of: "whole"), try program.contents("whole/images"))
  }

  private static func train(_ output: String, epochs: Int = 3) -> [String] {
    [
      "train", "vae", "--data", "digits", "--limit", "64", "--batch-size", "32", "--set",
      "encoder.0.dense.units=32", "--set", "checkpoints.every=1", "--device", "cpu", "--quiet",
      "--epochs", "\(epochs)", "--output", output,
    ]
  }

  /// Kilobytes: too few for the recipe, for the log, for the first state, for a later one, for a
  /// picture, for the weights.
  @Test(arguments: [0, 4, 8, 12, 100, 700, 900, 1000, 1400, 1900, 2000, 2100])
  func training(free: Int) throws {
    let program = try Program()
    let run = try FullDisk(Self.train("run"), freeKilobytes: free, program)
    #expect(run.code == 0 || run.code == 1)
    #expect(run.tellsOfIt, "\(run.errors)")
    if run.code == 1 { #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)") }
    #expect(run.leftovers == [] && !run.errors.contains(".new-"), "\(run.errors)")
    guard program.exists("disk/run") else { return }
    let resumed = try program.run("train", "--resume", "disk/run", "--quiet")
    #expect(resumed.code == 0, "\(resumed.errors)")
    let whole = try Self.whole.get()
    #expect(try program.weights(of: "disk/run") == whole.weights)
    #expect(try program.contents("disk/run/images") == whole.images)
  }

  /// The run on the disk goes on, and keeps what it had where that is not possible.
  @Test(arguments: [0, 4, 200, 700]) func resuming(free: Int) throws {
    let program = try Program()
    #expect(try program.start(Self.train("kept/run", epochs: 2)).wait().code == 0)
    let run = try FullDisk(
      ["train", "--resume", "run", "--epochs", "4", "--quiet"], freeKilobytes: free, program)
    #expect(run.code == 1)
    #expect(run.errors.contains("full disk"), "\(run.errors)")
    #expect(run.leftovers == [])
    #expect(Set(run.before).isSubset(of: run.after))
    let resumed = try program.run(
      "train", "--resume", "disk/run", "--epochs", "4", "--quiet")
    #expect(resumed.code == 0, "\(resumed.errors)")
    #expect(try program.weights(of: "disk/run") == Self.longer.get().weights)
  }

  /// Every command that writes results: none, and no folder for them.
  @Test func results() throws {
    let program = try Program()
    #expect(try program.start(Self.train("kept/run")).wait().code == 0)
    for command in [
      "evaluate run --format json --device cpu",
      "anomalies run --anomalous-label 1 --output out.csv --device cpu",
      "encode run --output out.npy --device cpu", "encode run --output out.csv --device cpu",
      "reconstruct run --output out.png --device cpu", "reconstruct run --output out/ --device cpu",
      "sample run --output out.npy --device cpu", "sample run --output out/ --device cpu",
      "interpolate run --output out.png --device cpu", "export run --output out.onnx",
      "export run --output out/", "export run --output deep/out/ --format safetensors",
      "report run --output out.html --device cpu",
    ] {
      // Evaluating writes nothing.
      let run = try FullDisk(
        command.split(separator: " ").map(String.init), freeKilobytes: 0, program)
      if command.hasPrefix("evaluate") {
        #expect(run.code == 0 && run.errors == "", "\(command): \(run.errors)")
      } else {
        #expect(run.code == 1, "\(command)")
        #expect(run.tellsOfIt && run.errors.split(separator: "\n").count == 1, "\(run.errors)")
      }
      #expect(run.after == run.before, "\(command)")
    }
  }

  /// Files of an export are there together: the first would have room.
  @Test(arguments: ["onnx", "safetensors"]) func partOfAnExport(format: String) throws {
    let program = try Program()
    #expect(try program.start(Self.train("kept/run")).wait().code == 0)
    try FileManager.default.createDirectory(
      atPath: program.folder + "/kept/empty", withIntermediateDirectories: false)
    for folder in ["new", "empty"] {
      let run = try FullDisk(
        ["export", "run", "--output", folder + "/", "--format", format],
        freeKilobytes: format == "onnx" ? 600 : 504, program)
      #expect(run.code == 1)
      #expect(run.tellsOfIt, "\(run.errors)")
      // The first file was written.
      #expect(!run.errors.contains("model."), "\(run.errors)")
      #expect(run.after == run.before)
    }
  }
}
