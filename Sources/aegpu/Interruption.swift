import Glibc
import Synchronization

/// SIGINT, SIGTERM and SIGHUP: before training they end the process; the training loop checks for them
/// between two steps; a measuring child process is ended by them.
enum Interruption {
  /// When the first signal came, in milliseconds of the monotonic clock; 0: none came.
  private static let first = Atomic<Int>(0)
  /// The process that ends with a signal to this one; 0: none.
  private static let child = Atomic<pid_t>(0)

  static var isRequested: Bool { first.load(ordering: .sequentiallyConsistent) > 0 }

  /// From now on the first signal is noted, and a second one ends the process as usual. Two signals that
  /// come at nearly the same time count as one: `timeout` sends one to a process and one to its group.
  /// If the parent blocked or ignored these signals, they are enabled again, except for an ignored
  /// SIGHUP, which is the purpose of `nohup`.
  static func listen() {
    // The first use initializes these statics; that must not happen in the handler.
    _ = isRequested
    endChild()
    handle { Interruption.note($0) }
  }

  /// Until `listen`, a signal ends the process at once: data are read, kernels are compiled and checked,
  /// and nothing is kept that could be lost.
  static func endBeforeTraining() {
    handle { _ in Interruption.end() }
  }

  private static func handle(by handler: @escaping @convention(c) (Int32) -> Void) {
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      sigaction(signal, nil, &action)
      if signal == SIGHUP, unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1 {
        continue
      }
      action = sigaction()
      action.__sigaction_handler.sa_handler = handler
      action.sa_flags = SA_RESTART
      sigaction(signal, &action, nil)
      sigaddset(&signals, signal)
    }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// From now on the first signal also ends this child process at once. If a signal came before, the
  /// child is ended now.
  /// - Parameter process: a child that was not waited for yet; `nil`: none.
  static func ends(_ process: pid_t?) {
    child.store(process ?? 0, ordering: .sequentiallyConsistent)
    if isRequested { endChild() }
  }

  private static func endChild() {
    let process = child.load(ordering: .sequentiallyConsistent)
    if process > 0 { kill(process, SIGKILL) }
  }

  /// The signal handler. It only makes calls that are allowed in a handler.
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

  /// A signal handler. It asks no driver to close, as the driver may be what it waits for.
  private static func end() {
    let sentence: StaticString =
      "aegpu: interrupted before training; no run was begun or changed\n"
    write(STDERR_FILENO, sentence.utf8Start, sentence.utf8CodeUnitCount)
    _exit(exitCode)
  }

  /// Signals with less time between them count as one.
  private static let togetherMilliseconds = 500

  /// The exit code that a shell reports after SIGINT; used for all three signals, so that scripts need
  /// only one case.
  static let exitCode: Int32 = 130
}

/// A signal ended a measurement; its temporary files are removed.
struct Interrupted: Error {}
