import Foundation
import OpenCLBackend
import Reports
import Subprocesses
import Synchronization

/// Processes that compile kernels in parallel with this one, for drivers that compile one kernel at a
/// time in each process.
enum Helpers {
  private struct State {
    var isRunning = false
    var isEnding = false
    var processes: Set<pid_t> = []
  }

  private static let state = Mutex(State())
  private static let group = DispatchGroup()
  /// Starts the processes, unless some are running. If one fails, nothing is lost: this process compiles
  /// each kernel that is not in the cache.
  static func compile(_ kernels: Precompilation) {
    let parts = kernels.shared(among: count(for: kernels))
    state.withLock { state in
      guard !state.isRunning, !state.isEnding, !parts.isEmpty else { return }
      state.isRunning = true
      for part in parts { DispatchQueue.global().async(group: group) { run(part) } }
      group.notify(queue: .global()) { Self.state.withLock { $0.isRunning = false } }
    }
  }

  /// One per CPU that this process leaves idle, but at most three, as more slow each other down, and
  /// together within a quarter of the machine's memory.
  private static func count(for kernels: Precompilation) -> Int {
    let machine = ProcessInfo.processInfo
    let fitting = machine.physicalMemory / 4 / UInt64(max(kernels.byteCount, 1))
    return max(
      min(machine.activeProcessorCount - 1, kernels.count - 1, 3, Int(clamping: fitting)), 0)
  }

  /// Ends the processes, and starts no new ones. Each ends after the kernel that it is compiling.
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
    // A pinned thread of a helper would wait for a pinned thread of this process.
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
