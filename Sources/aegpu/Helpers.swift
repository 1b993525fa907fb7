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
  /// More of them would get in each other's way: a plan has some twenty kernels.
  private static let largestCount = 3

  /// Starts one on each CPU that this process leaves idle, unless there are some. Whatever becomes
  /// of them, this process compiles what it does not find.
  static func compile(_ kernels: Precompilation) {
    let count = min(ProcessInfo.processInfo.activeProcessorCount - 1, largestCount)
    let starts = state.withLock { state in
      defer { state.isRunning = true }
      return count > 0 && !state.isRunning && !state.isEnding
    }
    guard starts else { return }
    for part in kernels.shared(among: count) {
      DispatchQueue.global().async(group: group) { run(part) }
    }
    group.notify(queue: .global()) { state.withLock { $0.isRunning = false } }
  }

  /// Returns when none is left: each ends when it has compiled the kernel that it is at.
  static func end() {
    state.withLock { state in
      state.isEnding = true
      state.processes.forEach { kill($0, SIGTERM) }
    }
    group.wait()
  }

  private static func run(_ part: Precompilation) {
    guard let input = try? part.jsonText() else { return }
    var own: pid_t?
    // A thread of theirs that is tied to a CPU would wait there for one of ours.
    _ = try? Subprocess.run(
      Program.again, [PrecompileCommand.configuration.commandName!], input: input,
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
