import Foundation
import TestProgram
import Testing

/// A model that reads the class of an example, from the command line.
@Suite struct ConditionalTests {
  private static let train = [
    "train", "conditional", "--data", "digits", "--limit", "100", "--device", "cpu", "--epochs",
    "3", "--batch-size", "20", "--validation", "0.2", "--set", "pictures={samples: 20}", "--output",
    "run",
  ]

  @Test func trainsAndIsUsed() throws {
    let program = try Program()
    let trained = try program.start(Self.train).wait()
    #expect(trained.code == 0, "\(trained.errors)")

    // One code with two classes gives two images. Without a label, classes alternate.
    func sample(_ name: String, _ label: [String]) throws -> Data {
      let made = try program.start(
        ["sample", "run", "--device", "cpu", "--count", "20", "--output", name] + label
      ).wait()
      #expect(made.code == 0, "\(made.errors)")
      return try program.data(name)
    }
    let (three, seven) = (
      try sample("3.npy", ["--label", "3"]), try sample("7.npy", ["--label", "7"])
    )
    let all = try sample("all.npy", [])
    #expect(three.count == seven.count && three != seven)
    let header = three.count - 20 * 784 * 4
    func image(_ data: Data, _ index: Int) -> Data {
      data.dropFirst(header + index * 784 * 4).prefix(784 * 4)
    }
    for index in [3, 13] { #expect(image(all, index) == image(three, index)) }
    for index in [7, 17] { #expect(image(all, index) == image(seven, index)) }

    // Codes can be written and read; a path has the class of its first example.
    #expect(
      try program.run("encode", "run", "--device", "cpu", "--output", "codes.npy").code == 0)
    for arguments in [
      ["decode", "run", "--codes", "codes.npy", "--label", "2"], ["reconstruct", "run"],
      ["interpolate", "run", "--from", "1", "--to", "2"],
      ["interpolate", "run", "--traverse", "--label", "4"],
    ] {
      let made = try program.start(arguments + ["--device", "cpu", "--output", "x.npy"]).wait()
      #expect(made.code == 0, "\(arguments): \(made.errors)")
    }
    for command in ["evaluate", "anomalies"] {
      #expect(try program.run(command, "run", "--device", "cpu").code == 0)
    }
  }

  @Test func misuse() throws {
    let program = try Program()
    #expect(try program.start(Self.train).wait().code == 0)
    let unknown = try program.run("sample", "run", "--device", "cpu", "--label", "11")
    #expect(unknown.code == 1)
    #expect(
      unknown.errors
        == "aegpu: --label: expected one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, received 11\n",
      "\(unknown.errors)")
    let names = (0..<784).map { "p\($0)" }.joined(separator: ",")
    let values = [String](repeating: "0.5", count: 784).joined(separator: ",")
    try program.write("\(names)\n\(values)\n", to: "rows.csv")
    let unlabelled = try program.run("reconstruct", "run", "--device", "cpu", "--data", "rows.csv")
    #expect(unlabelled.code == 1)
    #expect(
      unlabelled.errors.contains(
        "expected a label from 0 to 9 for each example, as the recipe has classes: 10, "
          + "received "
          + "examples without"), "\(unlabelled.errors)")
    let many = try program.run(
      "train", "conditional", "--data", "digits", "--limit", "20", "--set", "classes=4", "--device",
      "cpu")
    #expect(many.code == 1)
    #expect(many.errors.contains("received the label "), "\(many.errors)")
    let unread = try program.run("train", "dense", "--set", "classes=10", "--device", "cpu")
    #expect(unread.errors.contains("expected a layer that reads the class"))
    let plain = try program.run(
      "train", "simple", "--data", "digits", "--limit", "20", "--epochs", "1", "--device", "cpu",
      "--output", "plain")
    #expect(plain.code == 0)
    let idle = try program.run(
      "interpolate", "plain", "--device", "cpu", "--label", "3")
    #expect(idle.errors.contains("expected a conditional model"))
  }
}
