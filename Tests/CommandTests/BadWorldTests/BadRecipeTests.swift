import Foundation
import Recipes
import Synchronization
import TestProgram
import Testing

/// Recipes that are no YAML, cut short or vast, and well-formed ones of extreme numbers.
@Suite struct BadRecipeTests {
  private static let fork =
    "a: &a [x, x, x, x, x, x, x, x, x]\n"
    + (1..<10).map { level in
      let names = (0...9).map { String(UnicodeScalar(UInt8(97 + $0))) }
      let all = Array(repeating: "*\(names[level - 1])", count: 9).joined(separator: ", ")
      return "\(names[level]): &\(names[level]) [\(all)]\n"
    }.joined()

  static let rows: [BadRow] = [
    .recipe("bytes", Data(0...255), says: "recipe own.yaml: expected"),
    .recipe("deep", Data(repeating: 91, count: 20_000), says: "recipe own.yaml: expected"),
    .recipe("aliases of aliases", Data(fork.utf8), says: "expected"),
    .recipe(
      "10 MB", Data("a: ".utf8) + Data(repeating: 120, count: 10 << 20), says: "expected", peak: 300
    ),
    .recipe("control characters", Data("name: x\n\u{1b}[31mfoo: 1\n".utf8), says: "expected"),
    .recipe("an escaped name", Data("name: x\n\"a\\e[31m\": 1\n".utf8), says: "\\u{1b}"),
  ]

  @Test(arguments: rows) func isNone(_ row: BadRow) throws { try row.judge() }

  /// Cut anywhere it is a smaller recipe, or refused.
  @Test(arguments: ["conv", "vae", "series-lstm"]) func cutShort(name: String) throws {
    let text = Data(try #require(RecipeLibrary.text(named: name)).utf8)
    let program = try Program()
    for count in Swift.stride(from: 0, to: text.count, by: max(text.count / 40, 1)) {
      try text.prefix(count).write(to: URL(fileURLWithPath: program.folder + "/own.yaml"))
      let run = try MeasuredRun(["summary", "own.yaml"], in: program.folder)
      let objections = run.code == 0 && run.errors.isEmpty ? [] : run.objections()
      #expect(objections == [], "\(count) bytes")
    }
  }

  /// Whole numbers at the borders of what types hold, and numbers that are none.
  private static let numbers = [
    "0", "-1", "1", "65536", "2147483647", "2147483648", "3037000500", "4611686018427387904",
    "9223372036854775807", "9223372036854775808", "99999999999999999999", "1e308", "-1e400", ".nan",
  ]

  private static let fields = [
    "conv": [
      "input.0", "input.2", "encoder.0.conv2D.filters", "encoder.0.conv2D.size",
      "encoder.0.conv2D.stride", "batchSize", "epochs", "seed", "pictures.samples",
      "checkpoints.steps", "optimizer.adam.learningRate", "decoder.0.upsample2D.size",
    ],
    "vae": ["encoder.0.dense.units", "latent.variational.units", "validation", "limit"],
    "series-conv": [
      "data.window", "data.stride", "encoder.0.conv1D.filters", "encoder.0.conv1D.size",
      "encoder.0.conv1D.stride",
    ],
    "series-lstm": ["data.window", "encoder.0.lstm.units", "decoder.0.repeat.count"],
  ]

  /// Two fields of a recipe at a time, each with a number of its own.
  private static let extremes: [[String]] = fields.sorted { $0.key < $1.key }.flatMap {
    recipe, fields in
    fields.indices.flatMap { place in
      numbers.indices.map { number in
        let other = fields[(place + number + 1) % fields.count]
        let settings = [
          "\(fields[place])=\(numbers[number])",
          "\(other)=\(numbers[(number * 5 + place) % numbers.count])",
        ]
        // Every third has one extreme alone, so that both are looked at.
        return [recipe] + settings.prefix(number % 3 == 0 ? 1 : 2).flatMap { ["--set", $0] }
      }
    }
  }

  /// A result or a sentence, and no overflow.
  @Test func extremeNumbers() throws {
    #expect(Self.extremes.count > 300)
    let found = Mutex<(results: Int, objections: [String])>((0, []))
    let extremes = Self.extremes
    let program = try Program()
    let folder = program.folder
    DispatchQueue.concurrentPerform(iterations: extremes.count) { place in
      let command = place % 2 == 0 ? "summary" : "plan"
      let run = try? MeasuredRun([command] + extremes[place], in: folder)
      let objections =
        run.map {
          $0.code == 0 ? ($0.errors.isEmpty ? [] : ["\($0.sentence)"]) : $0.objections(peak: 400)
        }
        ?? ["did not start"]
      found.withLock {
        if run?.code == 0 { $0.results += 1 }
        $0.objections += objections.map {
          "\(command) \(extremes[place].joined(separator: " ")): \($0)"
        }
      }
    }
    let (results, objections) = found.withLock { $0 }
    for objection in objections { Issue.record("\(objection)") }
    // Some are good, so that the others are refused for their numbers.
    #expect(results > 20)
  }
}
