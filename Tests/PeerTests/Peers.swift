import Foundation
import Subprocesses
import Testing

/// Other people's programs that the tests ask: Python with the packages of `requirements.txt`, and a
/// browser. `Tools/test --with-peers` installs them and names them.
enum Peers {
  static let python = ProcessInfo.processInfo.environment["AEGPU_TEST_PYTHON"]
  static let browser = ProcessInfo.processInfo.environment["AEGPU_TEST_BROWSER"]

  private static let scripts =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Scripts")

  /// Runs a script of `Scripts`, which must end well.
  /// - Returns: what it printed.
  @discardableResult
  static func run(
    _ script: String, _ arguments: String..., environment: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    try run(
      script, arguments: arguments, environment: environment, sourceLocation: sourceLocation)
  }

  static func run(
    _ script: String, arguments: [String], environment: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let path = scripts.appendingPathComponent(script).path
    let python = try #require(python, sourceLocation: sourceLocation)
    let result = try Subprocess.run(
      python, [path] + arguments,
      environment: ["PYTHONDONTWRITEBYTECODE": "1"].merging(environment) { $1 }, timeLimit: 300)
    try #require(
      result.status == 0, "\(script) \(arguments): \(result.errors)",
      sourceLocation: sourceLocation)
    return String(decoding: result.output, as: UTF8.self)
  }
}

extension Trait where Self == ConditionTrait {
  /// For tests that need Python's packages.
  static var withPython: Self {
    .enabled(if: Peers.python != nil, "needs Python's packages: Tools/test --with-peers")
  }

  /// For tests that need Python's packages and a browser.
  static var withBrowser: Self {
    .enabled(
      if: Peers.python != nil && Peers.browser != nil, "needs a browser: Tools/test --with-peers")
  }
}
