import AEGPU
import Foundation
import Synchronization
import TestFolders
import TestProgram
import Testing

/// A training that the library keeps in a folder.
@Suite struct TrainingRunTests {
  private static func recipe(epochs: Int) throws -> Recipe {
    try Recipe("simple").setting("limit", to: 64).setting("epochs", to: .whole(epochs))
      .setting("pictures.samples", to: 0)
  }

  /// The library writes the same files as the command, with the same model.
  @Test func isARunOfTheCommand() throws {
    let program = try Program()
    let folder = program.folder + "/own"
    let run = try TrainingRun(
      Self.recipe(epochs: 2), on: Dataset("digits"), in: folder, device: .cpu)
    #expect(!program.exists("own"))
    var epochs: [Int] = []
    let model = try run.train(logSteps: 1) {
      if case .epoch(let done) = $0 { epochs.append(done.epoch) }
    }
    #expect(epochs == [1, 2] && model.history.map(\.epoch) == [1, 2])
    for file in ["weights.safetensors", "metrics.jsonl", "steps.jsonl", "checkpoints"] {
      #expect(program.exists("own/" + file), "\(file)")
    }
    #expect(throws: AutoencoderError.self) { try run.train() }
    let outcome = try program.run(
      "train", "simple", "--data", "digits", "--limit", "64", "--epochs", "2", "--device", "cpu",
      "--output", "command", "--quiet")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let digits = try Dataset("digits")[0..<5]
    let command = try Autoencoder(contentsOf: program.folder + "/command", device: .cpu)
    #expect(try model.encode(digits) == command.encode(digits))
    #expect(throws: AutoencoderError.self) {
      try TrainingRun(Self.recipe(epochs: 1), on: Dataset("digits"), in: folder, device: .cpu)
    }
    _ = try TrainingRun(
      Self.recipe(epochs: 1), on: Dataset("digits"), in: folder, overwrite: true, device: .cpu
    ).train()
    #expect(try Autoencoder(contentsOf: folder, device: .cpu).history.count == 1)
  }

  /// A run that was stopped and resumed ends with the same bits as one without interruption.
  @Test func goesOn() throws {
    let program = try Program()
    let (broken, whole) = (program.folder + "/broken", program.folder + "/whole")
    let recipe = try Self.recipe(epochs: 3).setting("data", to: "digits")
    let model = try TrainingRun(recipe, in: whole, device: .cpu).train()
    var steps = 0
    _ = try TrainingRun(recipe, in: broken, device: .cpu).train(
      shouldStop: {
        steps += 1
        return steps > 3
      })
    #expect(!program.exists("broken/weights.safetensors"))
    let resumed = try TrainingRun(resuming: broken).train()
    let digits = try Dataset("digits")[0..<5]
    #expect(try resumed.encode(digits) == model.encode(digits))
    #expect(resumed.history.map(\.training) == model.history.map(\.training))
    let longer = try TrainingRun(resuming: broken, epochs: 4).train()
    #expect(longer.history.count == 4)
  }

  /// Two runs at once, each in a thread of its own, make the bits that each makes alone.
  @Test func sideBySide() throws {
    let program = try Program()
    let recipe = try Self.recipe(epochs: 30).setting("data", to: "digits")
    _ = try TrainingRun(recipe, in: program.folder + "/alone", device: .cpu).train()
    let failures = Mutex<[String]>([])
    let folder = program.folder
    DispatchQueue.concurrentPerform(iterations: 2) { number in
      do {
        _ = try TrainingRun(recipe, in: "\(folder)/run-\(number)", device: .cpu).train()
      } catch {
        failures.withLock { $0.append("\(error)") }
      }
    }
    #expect(failures.withLock { $0 } == [])
    for number in 0..<2 {
      #expect(try program.weights(of: "run-\(number)") == program.weights(of: "alone"))
    }
  }

  /// A run can be open while another trains on the same device, also in its epochs.
  @Test(arguments: [Device.cpu] + (Program.hasOpenCL ? [Device.openCL(0)] : []))
  func oneWithinTheOther(device: Device) throws {
    let program = try Program()
    let recipe = try Self.recipe(epochs: 3).setting("data", to: "digits")
    _ = try TrainingRun(recipe, in: program.folder + "/alone", device: device).train()
    let inner = try TrainingRun(recipe, in: program.folder + "/inner", device: device)
    let outer = try TrainingRun(recipe, in: program.folder + "/outer", device: device)
    _ = try outer.train {
      if case .epoch(let done) = $0, done.epoch == 2 {
        #expect(throws: Never.self) { try inner.train() }
      }
    }
    for run in ["inner", "outer"] {
      #expect(try program.weights(of: run) == program.weights(of: "alone"))
    }
  }

  /// Weights of one run, of one part of it, start another.
  @Test func startsWithWeights() throws {
    let program = try Program()
    let (first, second) = (program.folder + "/first", program.folder + "/second")
    let digits = try Dataset("digits")
    let model = try TrainingRun(Self.recipe(epochs: 1), on: digits, in: first, device: .cpu)
      .train()
    let frozen = try Self.recipe(epochs: 1).setting("freeze", to: ["encoder"])
    let other = try TrainingRun(
      frozen, on: digits, in: second, device: .cpu, startingWith: first, for: .encoder
    ).train()
    #expect(try other.encode(digits[0..<5]) == model.encode(digits[0..<5]))
    #expect(
      try other.reconstruct(digits[0..<5]) != model.reconstruct(digits[0..<5]))
  }

  /// The first steps on the CPU, on the CPU again, and by the reference.
  @Test func isVerified() throws {
    let program = try Program()
    let run = try TrainingRun(
      Self.recipe(epochs: 2), on: Dataset("digits"), in: program.folder + "/run", device: .cpu)
    let found = try run.verify(steps: 9)
    // All that the run has.
    #expect(found.steps == 2)
    #expect(found.isRepeatable)
    #expect(found.lossDifference > 0 && found.lossDifference < 1e-4)
    #expect(found.weightDifference > 0 && found.weightDifference < 1e-3)
    #expect(found.parameter.contains("coder."))
    #expect(throws: AutoencoderError.self) { try run.verify(steps: 0) }
    let model = try run.train()
    let other = try TrainingRun(
      Self.recipe(epochs: 2), on: Dataset("digits"), in: program.folder + "/other", device: .cpu
    ).train()
    let digits = try Dataset("digits")[0..<5]
    #expect(try model.encode(digits) == other.encode(digits))
    let outcome = try program.run(
      "train", "simple", "--data", "digits", "--limit", "64", "--epochs", "1", "--device", "cpu",
      "--output", "third", "--quiet", "--verify", "1")
    #expect(outcome.code == 0)
    #expect(
      outcome.errors.contains(
        "aegpu: verify: 1 step: twice on the device with the same bits; largest difference from the "
          + "reference: losses"
      ))
  }
}
