import Foundation
import OpenCLBackend
import Reports
import Subprocesses
import Synchronization

/// Processes that compile kernels beside this one, where a driver compiles one at a time in each.
enum Helpers {
  private struct State {
    var isRunning = false
    var isEnding = false
    var processes: Set<pid_t> = []
  }

  private static let state = Mutex(State())
  private static let group = DispatchGroup()
  /// Starts some, unless there are any. Whatever becomes of them, this process compiles what it
  /// does not find.
  static func compile(_ kernels: Precompilation) {
    let parts = kernels.shared(among: count(for: kernels))
    state.withLock { state in
      guard !state.isRunning, !state.isEnding, !parts.isEmpty else { return }
      state.isRunning = true
      for part in parts { DispatchQueue.global().async(group: group) { run(part) } }
      group.notify(queue: .global()) { Self.state.withLock { $0.isRunning = false } }
    }
  }

  /// One on each CPU that this process leaves idle, but no more than three, which are already in
  /// each other's way, and together within a quarter of the machine's memory.
  private static func count(for kernels: Precompilation) -> Int {
    let machine = ProcessInfo.processInfo
    let fitting = machine.physicalMemory / 4 / UInt64(max(kernels.byteCount, 1))
    return max(
      min(machine.activeProcessorCount - 1, kernels.count - 1, 3, Int(clamping: fitting)), 0)
  }

  /// Returns when none is left, and lets none start any more: each ends when it has compiled the
  /// kernel that it is at.
  static func end() {
    state.withLock { state in
      state.isEnding = true
      state.processes.forEach { kill($0, SIGTERM) }
    }
    // A driver may hang.
    guard group.wait(timeout: .now() + 60) == .timedOut else { return }
    state.withLock { $0.processes.forEach { kill($0, SIGKILL) } }
    group.wait()
  }

  private static func run(_ part: Precompilation) {
    guard let input = try? part.jsonText() else { return }
    var own: pid_t?
    // A thread of theirs that is tied to a CPU would wait there for one of ours.
    _ = try? Subprocess.run(
      Program.again,
      [PrecompileCommand.configuration.commandName!, "--parent", "\(getpid())"], input: input,
      environment: ["POCL_AFFINITY": "0"]
    ) { process in
      state.withLock { state in
        if let process {
          state.processes.insert(process)
          if state.isEnding { kill(process, SIGTERM) }
        } else if let own {
          state.processes.remove(own)
        }
      }
      own = process
    }
  }
}
