import Glibc
import Synchronization

/// SIGINT and SIGTERM as a question that the training loop asks between two steps, and as the end of a
/// process that measures.
enum Interruption {
  private static let requests = Atomic<Int>(0)
  /// The process that ends with a signal to this one; 0: none.
  private static let child = Atomic<pid_t>(0)

  static var isRequested: Bool { requests.load(ordering: .sequentiallyConsistent) > 0 }

  /// From now on the first signal ends this process, too, at once; one that came before does so now.
  /// - Parameter process: a child that is not waited for yet; `nil`: none.
  static func ends(_ process: pid_t?) {
    child.store(process ?? 0, ordering: .sequentiallyConsistent)
    if isRequested { endChild() }
  }

  private static func endChild() {
    let process = child.load(ordering: .sequentiallyConsistent)
    if process > 0 { kill(process, SIGKILL) }
  }

  /// From now on the first signal is noted; a second one ends the process as it always does. A parent
  /// that blocks or ignores these signals leaves them so to its children: here they count.
  static func listen() {
    // Reading them here makes sure that the handler finds them made.
    _ = isRequested
    endChild()
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { _ in
        Interruption.requests.add(1, ordering: .sequentiallyConsistent)
        Interruption.endChild()
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
