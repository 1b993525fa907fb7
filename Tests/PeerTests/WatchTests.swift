import Foundation
import TestProgram
import Testing

/// The page of a run that trains, in a browser.
@Suite(.withBrowser) struct WatchTests {
  @Test func showsTheRunAndItsEnd() throws {
    let program = try Program()
    let running = try program.start([
      "train", "simple", "--data", "digits", "--limit", "200", "--device", "cpu", "--epochs",
      "1000000", "--output", "run", "--quiet", "--watch",
    ])
    defer { kill(running.process.processIdentifier, SIGKILL) }
    var address: String?
    for _ in 0..<600 where address == nil || !program.exists("run/metrics.jsonl") {
      address = try running.errorsSoFar().firstMatch(of: /http:\/\/127\.0\.0\.1:\d+/)
        .map { String($0.0) }
      usleep(50_000)
    }
    let seen = try Peers.run("watch.py", Peers.browser!, #require(address))
    #expect(seen == "well\n")
  }
}
