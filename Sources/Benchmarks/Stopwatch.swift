import Plans

/// How long `body` takes, in seconds.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  try ContinuousClock().measure(body) / .seconds(1)
}

/// A plan that is run again and again, in windows of about one length.
package struct Repetition {
  private let executable: any Executable
  private let store: any Store
  /// Runs of a window.
  private let runs: Int

  /// Warms up, and finds how many runs fill a window.
  /// - Parameter windowSeconds: the least length of a window.
  package init(_ executable: any Executable, in store: any Store, windowSeconds: Double) throws {
    self.executable = executable
    self.store = store
    try Self.run(executable, store, 1)
    var runs = 1
    var taken = try Self.run(executable, store, runs)
    while taken < windowSeconds / 4, runs < 1 << 20 {
      runs *= 2
      taken = try Self.run(executable, store, runs)
    }
    self.runs = max(1, Int((windowSeconds / taken * Double(runs)).rounded(.up)))
  }

  /// Times one window.
  /// - Returns: the seconds of a run.
  package func window() throws -> Double { try Self.run(executable, store, runs) / Double(runs) }

  @discardableResult
  private static func run(
    _ executable: any Executable, _ store: any Store, _ runs: Int
  ) throws -> Double {
    try seconds {
      for _ in 0..<runs { try executable.run() }
      try store.finish()
    }
  }
}
