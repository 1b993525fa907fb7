import Plans

/// The duration of `body`, in seconds.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  try ContinuousClock().measure(body) / .seconds(1)
}

/// A plan that is run repeatedly, in timing windows of about equal length.
package struct Repetition {
  private let executable: any Executable
  private let store: any Store
  /// Runs per window.
  private let runs: Int

  /// Warms up, and determines how many runs a window needs.
  /// - Parameter windowSeconds: the shortest length of a window.
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

  /// Measures one timing window.
  /// - Returns: the seconds per run.
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
