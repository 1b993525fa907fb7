import Foundation
import Recipes
import TestProgram
import Testing

@Suite struct HelpTests {
  @Test func alone() throws {
    let outcome = try Program().run()
    #expect(outcome.code == 0)
    #expect(
      outcome.output == """
        aegpu trains autoencoders on OpenCL devices and on the CPU.

          aegpu train --device 0    train the recipe dense on the first OpenCL device
          aegpu list-devices        list the devices
          aegpu recipes             list the recipes

        aegpu --help lists every command.

        """)
    #expect(outcome.errors == "")
  }

  @Test func help() throws {
    let outcome = try Program().run("train", "--help")
    #expect(outcome.code == 0)
    for flag in [
      "--data", "--device", "--epochs", "--batch-size", "--learning-rate", "--seed", "--validation",
      "--limit", "--no-shuffle", "--init-from", "--set", "--output", "--overwrite", "--data-dir",
    ] {
      #expect(
        outcome.output.contains("\(flag) ") || outcome.output.contains("\(flag)\n"), "\(flag)")
    }
    // There, but nobody's business.
    #expect(!outcome.output.contains("reference"))
    let all = try Program().run("--help")
    for command in [
      "train", "list-devices", "recipes", "plan", "bench", "profile", "tune", "doctor",
    ] {
      #expect(all.output.contains("\n  \(command) "), "\(command)")
    }
    let bench = try Program().run("bench", "--help")
    let flags = [
      "--device", "--batch-size", "--set", "--windows", "--seconds", "--batches", "--format",
    ]
    for flag in flags {
      #expect(bench.output.contains("\(flag) "), "\(flag)")
    }
    #expect(bench.output.contains("random bytes"))
    // How the program calls itself.
    #expect(!bench.output.contains("--part") && !bench.output.contains("--since"))
  }

  /// The plugin that makes the manual page drops other characters.
  @Test func helpIsASCII() throws {
    let help = try Program().run("--experimental-dump-help").output
    #expect(help.contains("train") && help.allSatisfy(\.isASCII))
  }

  @Test func version() throws {
    #expect(try Program().run("--version").output == "0.1.0\n")
  }

  @Test func recipes() throws {
    let list = try Program().run("recipes")
    #expect(list.code == 0)
    let lines = list.output.split(separator: "\n")
    #expect(
      lines.dropFirst(2).map { String($0.prefix { $0 != " " }) }.filter { !$0.isEmpty }
        == RecipeLibrary.names)
    let shown = try Program().run("recipes", "show", "vae")
    #expect(shown.output.hasPrefix("# The variational autoencoder"))
    #expect(shown.output.contains("\nname: vae\n"))
    #expect(try Program().run("recipes", "vae").output == shown.output)
    let misspelt = try Program().run("recipes", "vqq")
    #expect(misspelt.code == 64)
    #expect(
      misspelt.errors
        == "aegpu: expected a command, one of list, show, format, received vqq; did you mean vq? "
        + "(see aegpu recipes --help)\n")
    let unknown = try Program().run("recipes", "show", "va")
    #expect(unknown.code == 64)
    #expect(
      unknown.errors
        == "aegpu: recipe: expected one of \(RecipeLibrary.names.joined(separator: ", ")) or a .yaml "
        + "file, received va; did you mean vae?\n"
    )
    // No line is wider than a page.
    #expect(lines.allSatisfy { $0.count <= 100 })
  }

  @Test func commandsThatAreMistyped() throws {
    let program = try Program()
    let first = try program.run("trian", "dense")
    #expect(first.code == 64)
    #expect(
      first.errors.hasSuffix(
        ", received trian; did you mean train? (see aegpu --help)\n"))
    #expect(first.errors.hasPrefix("aegpu: expected a command, one of train, runs, "))
    #expect(!first.errors.contains("precompile"))
    let second = try program.run("recipes", "shwo", "vae")
    #expect(
      second.errors
        == "aegpu: expected a command, one of list, show, format, received shwo; did you "
        + "mean show? (see aegpu recipes --help)\n")
  }

  @Test func summary() throws {
    let program = try Program()
    let text = try program.run("summary", "conv").output.split(separator: "\n")
    #expect(
      text.contains {
        $0.hasPrefix("encoder.2  conv2D ") && $0.hasSuffix("  encoder.1.weight, bias")
      })
    #expect(
      text.contains { $0.hasPrefix("decoder.4  ") && $0.hasSuffix("  decoder.2.weight, bias") })
    let json = try program.run("summary", "vae", "--format", "json").output
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let layers = try #require(object["layers"] as? [[String: Any]])
    #expect(
      layers.compactMap { $0["place"] as? String } == [
        "encoder.0", "mean", "logVariance", "decoder.0", "decoder.1",
      ])
    let heads = try #require(layers[1]["tensors"] as? [[String: Any]])
    #expect(heads.map { $0["name"] as? String } == ["mean.weight", "mean.bias"])
    #expect(heads.map { $0["shape"] as? [Int] } == [[128, 10], [10]])
  }

  @Test func devices() throws {
    let program = try Program()
    let table = try program.run("list-devices")
    #expect(table.code == 0)
    #expect(table.output.contains("\ncpu "))
    let json = try program.run("list-devices", "--format", "json")
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
    let native = try #require(rows.last)
    #expect(native["device"] as? String == "cpu")
    #expect(native["vectorInstructions"] is String)
    #expect((native["threads"] as? Int ?? 0) >= 1)
    for (index, row) in rows.dropLast().enumerated() {
      #expect(row["device"] as? String == "\(index)")
      for key in [
        "index", "computeUnits", "clockMegahertz", "globalMemoryBytes", "localMemoryBytes",
        "largestAllocationBytes",
      ] {
        #expect(row[key] is Int, "\(key)")
      }
      for key in ["name", "type", "vendor", "driver", "version"] {
        #expect(row[key] is String, "\(key)")
      }
    }
  }

  @Test func plan() throws {
    let program = try Program()
    let text = try program.run("plan", "vae")
    #expect(text.code == 0)
    #expect(text.output.hasPrefix("training plan of vae: "))
    #expect(text.output.contains("product(A, B) + bias, relu"))
    let json = try program.run(
      "plan", "dense", "--plan", "evaluation", "--batch-size", "7", "--format", "json")
    let plan = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(plan["plan"] as? String == "evaluation")
    #expect(plan["parameterCount"] as? Int == 473_636)
    let steps = try #require(plan["steps"] as? [[String: Any]])
    for total in ["floatingPointOperations", "byteCount"] {
      let sum = steps.compactMap { $0[total] as? Int }.reduce(0, +)
      #expect(plan[total] as? Int == sum && sum > 0, "\(total)")
    }
    // The launches on a device: one per step, or none, and as many as are measured.
    let native = try program.run("plan", "simple", "--device", "cpu", "--format", "json")
    let prepared = try #require(
      JSONSerialization.jsonObject(with: Data(native.output.utf8)) as? [String: Any])
    let launches = try #require(prepared["launches"] as? [[String: Any]])
    let places = launches.flatMap { $0["steps"] as? [Int] ?? [] }
    #expect(Set(places).count == places.count)
    #expect(Set(places).isSubset(of: 1...(prepared["steps"] as? [Any] ?? []).count))
    let measured = try program.run(
      "bench", "simple", "--device", "cpu", "--windows", "1", "--seconds", "0.01", "--format",
      "json")
    let row = try #require(
      JSONSerialization.jsonObject(with: Data(measured.output.utf8)) as? [[String: Any]]
    ).first
    #expect(row?["launchesPerStep"] as? Int == launches.count)
    let none = try program.run("plan", "dense", "--plan", "sampling")
    #expect(none.code == 1)
    #expect(
      none.errors
        == "aegpu: --plan: expected a plan that the recipe has, received sampling, which dense does "
        + "not have; set pictures.samples above 0\n")
  }
}
