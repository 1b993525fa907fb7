import Foundation
import FoundationNetworking
import TestProgram
import Testing

/// `aegpu train --watch`: the page of a run during training.
@Suite struct WatchTests {
  private func page(_ address: String) async throws -> (text: String, status: Int) {
    let url = try #require(URL(string: address))
    let (data, answer) = try await URLSession.shared.data(from: url)
    return (String(decoding: data, as: UTF8.self), (answer as? HTTPURLResponse)?.statusCode ?? 0)
  }

  /// The output of the running program on standard error.
  private func address(_ running: Program.Running) async throws -> String {
    for _ in 0..<600 {
      let said = try running.errorsSoFar()
      if let found = said.firstMatch(of: /watch: (http:\/\/127\.0\.0\.1:\d+)\n/) {
        return String(found.1)
      }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw CancellationError()
  }

  @Test func showsARunThatTrains() async throws {
    let program = try Program()
    let running = try program.start([
      "train", "simple", "--data", "digits", "--limit", "200", "--device", "cpu", "--epochs",
      "1000000", "--set", "pictures.every=1", "--output", "run <1>", "--quiet", "--watch",
    ])
    defer { kill(running.process.processIdentifier, SIGKILL) }
    let address = try await address(running)
    var seen = ""
    for _ in 0..<200 where !seen.contains("Reconstructions</h2>") || !seen.contains("class=\"line")
    {
      seen = try await page(address).text
      try await Task.sleep(for: .milliseconds(100))
    }
    #expect(seen.contains("<h1>run &lt;1&gt;</h1>"))
    #expect(seen.contains("class=\"line s0") && seen.contains("src=\"data:image/png;base64,"))
    #expect(seen.contains("of 1000000</dd>"))
    #expect(try await page(address + "/run.yaml").status == 404)

    // It ends with the program, which ends as always.
    kill(running.process.processIdentifier, SIGINT)
    #expect(try running.wait().code == 130)
    await #expect(throws: URLError.self) { try await page(address) }
  }

  /// The weights are those of a run that nobody watches.
  @Test func changesNothing() throws {
    let program = try Program()
    func train(_ folder: String, _ flags: String...) throws -> Data {
      let outcome = try program.start(
        ["train", "linear-pca", "--device", "cpu", "--epochs", "2", "--output", folder] + flags
      ).wait()
      #expect(outcome.code == 0, "\(outcome.errors)")
      return try program.data(folder + "/metrics.jsonl")
    }
    func losses(_ data: Data) -> [String] {
      String(decoding: data, as: UTF8.self).split(separator: "\n").map {
        String($0.prefix { $0 != "}" })
      }
    }
    #expect(losses(try train("watched", "--watch")) == losses(try train("unwatched")))
  }

  @Test func portsAreNumbers() throws {
    let outcome = try Program().run("train", "simple", "--watch", "99999")
    #expect(outcome.code == 64 && outcome.errors.contains("99999"))
  }
}
