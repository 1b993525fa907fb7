import Glibc
import Synchronization

/// SIGINT, SIGTERM and SIGHUP as a question that the training loop asks between two steps, and as the end
/// of a process that measures.
enum Interruption {
  /// When the first signal came, in milliseconds of the clock that only rises; 0: none came.
  private static let first = Atomic<Int>(0)
  /// The process that ends with a signal to this one; 0: none.
  private static let child = Atomic<pid_t>(0)

  static var isRequested: Bool { first.load(ordering: .sequentiallyConsistent) > 0 }

  /// From now on the first signal is noted; a second one ends the process as it always does, unless
  /// it comes along with the first, as when `timeout` tells a process and then its whole group. A
  /// parent that blocks or ignores these signals leaves them so to its children: here they count,
  /// but for a SIGHUP that is ignored, which is what `nohup` is for.
  static func listen() {
    // Reading them here makes sure that the handler finds them made.
    _ = isRequested
    endChild()
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      sigaction(signal, nil, &action)
      if signal == SIGHUP, unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1 {
        continue
      }
      action = sigaction()
      action.__sigaction_handler.sa_handler = { Interruption.note($0) }
      action.sa_flags = SA_RESTART
      sigaction(signal, &action, nil)
      sigaddset(&signals, signal)
    }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// From now on the first signal ends this process, too, at once; one that came before does so
  /// now.
  /// - Parameter process: a child that is not waited for yet; `nil`: none.
  static func ends(_ process: pid_t?) {
    child.store(process ?? 0, ordering: .sequentiallyConsistent)
    if isRequested { endChild() }
  }

  private static func endChild() {
    let process = child.load(ordering: .sequentiallyConsistent)
    if process > 0 { kill(process, SIGKILL) }
  }

  /// The handler: calls that a handler may make, and nothing else.
  private static func note(_ signal: Int32) {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    let now = time.tv_sec * 1000 + time.tv_nsec / 1_000_000 + 1
    let (isFirst, then) = first.compareExchange(
      expected: 0, desired: now, ordering: .sequentiallyConsistent)
    endChild()
    guard !isFirst, now - then > togetherMilliseconds else { return }
    Glibc.signal(signal, SIG_DFL)
    kill(getpid(), signal)
  }

  /// Signals that lie less apart came together.
  private static let togetherMilliseconds = 500

  /// What a shell reports of a program that SIGINT ended; of all signals, so that scripts need not
  /// tell them apart.
  static let exitCode: Int32 = 130
}

/// A signal ended what was measured; all that was made for it is gone.
struct Interrupted: Error {}
