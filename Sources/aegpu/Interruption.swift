import Glibc
import Synchronization

/// SIGINT and SIGTERM as a question that the training loop asks between two steps.
enum Interruption {
  private static let requests = Atomic<Int>(0)

  static var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }

  /// From now on the first signal is noted; a second one ends the process as it always does. A parent
  /// that blocks or ignores these signals leaves them so to its children: here they count.
  static func listen() {
    // Reading it here makes sure that the handler finds it made.
    _ = isRequested
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { _ in
        Interruption.requests.add(1, ordering: .relaxed)
      }
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
      sigaction(signal, &action, nil)
      sigaddset(&signals, signal)
    }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// What a shell reports of a program that SIGINT ended.
  static let exitCode: Int32 = 130
}
