import Foundation
import TestProgram
import Testing

/// A driver that compiles some kernel wrong is found out, by `doctor` and before the first epoch.
@Suite(.enabled(if: Program.hasPoCL)) struct DoctorTests {
  private struct Report: Decodable {
    struct Recipe: Decodable {
      struct Evidence: Decodable { let operation: String, kernels: [String] }
      let recipe: String
      let launches: Int
      let evidence: [Evidence]
      let instead: [String]
    }
    let healthy: Bool
    let recipes: [Recipe]
  }

  private static let small = [
    "--data", "digits", "--limit", "48", "--batch-size", "16", "--epochs", "1",
  ]

  /// The environment of a driver that takes one text for another.
  private func driver(_ from: String, _ to: String, _ program: Program) throws -> [String: String] {
    [
      "LD_PRELOAD": try Program.library("ChangedKernels"), "CHANGED_KERNELS_FROM": from,
      "CHANGED_KERNELS_TO": to, "CHANGED_KERNELS_FILE": program.folder + "/changed",
      // What it compiles is nothing to others, nor may another process compile it.
      "POCL_CACHE_DIR": program.folder + "/pocl", "AEGPU_LAUNCHER": "/nowhere/aegpu",
    ]
  }

  @Test func aRightDeviceIsCheckedOnce() throws {
    let program = try Program()
    let outcome = try program.run("doctor", "linear-pca", "--device", "0", "--format", "json")
    let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
    #expect(report.recipes.map(\.recipe) == ["linear-pca"])
    #expect(report.recipes[0].evidence.isEmpty && report.recipes[0].launches == 2)
    // What else this machine has is its own.
    #expect((outcome.code == 0) == report.healthy, "\(outcome.errors)")
    let trained = try program.run(
      "train", "linear-pca", "--epochs", "1", "--device", "0", "--output", "run")
    #expect(trained.code == 0 && !trained.errors.contains("checked"), "\(trained.errors)")
    let other = try program.run(
      "train", "linear-pca", "--epochs", "1", "--batch-size", "50", "--device", "0", "--output", "b"
    )
    #expect(
      other.errors.contains(#/aegpu: checked \d+ launches of linear-pca against cpu in/#),
      "\(other.errors)")
  }

  /// Adam's second correction is dropped; codes are drawn 2 % too wide.
  @Test(arguments: [
    (
      "simple", "sqrt(v * row[2])",
      "sqrt(v)"
    ),
    ("vae", "0.5f * ", "0.51f * "),
  ])
  func isRefused(_ recipe: String, from: String, to: String) throws {
    let program = try Program()
    let environment = try driver(from, to, program)
    let trained = try program.start(
      ["train", recipe, "--device", "0", "--output", "run"] + Self.small,
      environment: environment
    ).wait()
    #expect(program.exists("changed"))
    #expect(trained.code == 1)
    // Building kernels may have been told before.
    let sentence = trained.errors.split(separator: "\n").last ?? ""
    #expect(
      sentence.hasPrefix("aegpu: device 0 (") && sentence.contains("expected element"),
      "\(trained.errors)")
    #expect(!program.exists("run"))
    let examined = try program.run("doctor", recipe, "--device", "0", environment: environment)
    #expect(examined.code == 1 && examined.output.contains("wrong   \(recipe): "))
  }

  /// Products of the own kernels are 10 % too large: the library's are taken, and it is said.
  @Test func anotherProductIsTaken() throws {
    let program = try Program()
    let environment = try driver(
      "sums[i][j] = fma(x, y[j], sums[i][j]);", "sums[i][j] = fma(1.1f * x, y[j], sums[i][j]);",
      program)
    for isKept in [false, true] {
      let trained = try program.start(
        ["train", "simple", "--device", "0", "--output", "run", "--overwrite"] + Self.small,
        environment: environment
      ).wait()
      #expect(trained.code == 0, "\(trained.errors)")
      #expect(trained.errors.contains("is wrong on device 0"), "\(isKept)")
      #expect(trained.errors.contains("using clblast instead"), "\(trained.errors)")
    }
    let examined = try program.run("doctor", "simple", "--device", "0", environment: environment)
    #expect(examined.code == 1)
    #expect(examined.output.contains("instead "))
  }

  /// A driver that crashes in a kernel takes the process that checks with it, not the command.
  @Test func aDriverThatCrashesIsNamed() throws {
    let program = try Program()
    let crash = "const int first = state[STATE_ROW(FEED)] * stride + START;"
    var environment = try driver(crash, "*(volatile __global int *)0 = 1; \(crash)", program)
    environment["AEGPU_LAUNCHER"] = nil
    let examined = try program.run(
      "doctor", "linear-pca", "--device", "0", environment: environment)
    #expect(program.exists("changed"))
    #expect(examined.code == 1 && examined.output == "")
    let last = try #require(examined.errors.split(separator: "\n").last)
    #expect(last.hasPrefix("aegpu: the driver of device 0 ("))
    #expect(
      last.contains(
        #/\) ended the process by signal \d+ while linear-pca was checked; update the driver/#),
      "\(examined.errors)")
  }

  /// A driver that hangs is given up.
  @Test func aDriverThatHangsIsNamed() throws {
    let program = try Program()
    let examined = try program.run(
      "doctor", "linear-pca", "--device", "0",
      environment: [
        "LD_PRELOAD": try Program.library("OpenCLFaults"), "OPENCL_FAULTS_STATUS": "hang",
        "OPENCL_FAULTS_NAME": "clEnqueueReadBuffer", "OPENCL_FAULTS_CALL": "9",
        "AEGPU_TEST_PATIENCE": "1",
      ])
    #expect(examined.code == 1 && examined.output == "")
    let last = try #require(examined.errors.split(separator: "\n").last)
    #expect(
      last.contains(
        #/^aegpu: device 0 \(.+\) has not answered clEnqueueReadBuffer for \d s: it hangs; update/#),
      "\(examined.errors)")
  }

  /// One that ends the process that trains leaves a sentence, and the run as it was.
  @Test(arguments: ["abort", "exit"]) func aDriverThatEndsATrainingIsNamed(_ deed: String) throws {
    let program = try Program()
    func train(_ environment: [String: String]) throws -> Outcome {
      try program.start(
        ["train", "simple", "--device", "0", "--output", "run", "--overwrite"] + Self.small,
        environment: environment.merging([
          "LD_PRELOAD": try Program.library("OpenCLFaults"), "OPENCL_FAULTS_STATUS": deed,
          "OPENCL_FAULTS_NAME": "clEnqueueReadBuffer",
        ]) { $1 }
      ).wait()
    }
    let cause = deed == "abort" ? "SIGABRT" : "a call of exit"
    func sentence(_ work: String, advice: String) -> Regex<Substring> {
      // swift-format-ignore: NeverUseForceTry
      try! Regex(
        "\naegpu: \(cause) ended the process while simple was \(work) on device 0 \\(.+\\), most "
          + "likely in its driver .+; update the driver, or choose another device with "
          + "--device\(advice)\n")
    }
    let checked = try train(["OPENCL_FAULTS_CALL": "9"])
    #expect(checked.code != 0)
    #expect(checked.errors.contains(sentence("checked", advice: "")), "\(checked.errors)")
    #expect(!program.exists("run"))

    let reads = program.folder + "/reads"
    let whole = try train(["AEGPU_CHECK": "0", "OPENCL_FAULTS_FILE": reads])
    #expect(whole.code == 0)
    let count = try #require(Int(program.text("reads").prefix { $0.isNumber }))
    let trained = try train(["AEGPU_CHECK": "0", "OPENCL_FAULTS_CALL": "\(count)"])
    #expect(trained.code != 0)
    #expect(
      trained.errors.contains(
        sentence("trained", advice: ": to continue, run aegpu train --resume run --device cpu")),
      "\(trained.errors)")
    let resumed = try program.run("train", "--resume", "run", "--device", "cpu")
    #expect(resumed.code == 0 && program.exists("run/weights.safetensors"))
  }
}
